package notebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// ErrFormat is returned for a file that is not a notebook of format 4.
var ErrFormat = errors.New("not a notebook")

// maxFile bounds what is read, in bytes: a notebook in memory takes several
// times its file.
const maxFile = 1 << 29

// ReadFile reads the notebook at path. Its errors name the file, and wrap
// ErrFormat when the file was read but is no notebook, or is larger than
// 512 MiB.
func ReadFile(path string) (*Notebook, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxFile {
		return nil, fmt.Errorf("read notebook %s: %w: %d MiB are too many for one; clear its outputs", path, ErrFormat, info.Size()>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read notebook: %w", err)
	}
	n, err := Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read notebook %s: %w", path, err)
	}
	return n, nil
}

// Parse reads a notebook. A notebook older than 4.5 gets the cell ids it
// lacks, made from the cells' places and texts: the same notebook always gets
// the same ids. Errors wrap ErrFormat and name the cell, counted from 1.
func Parse(raw []byte) (*Notebook, error) {
	top, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	minor, err := format(top)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	n, err := parse(top, minor)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return n, nil
}

func decode(raw []byte) (fields, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, errors.New("the file is empty")
	}
	if !utf8.Valid(raw) {
		return nil, errors.New("the file is not UTF-8 text")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("the file is not JSON: %w", position(raw, err))
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("text follows the notebook's closing brace")
	}
	top, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("the file holds JSON, but not an object")
	}
	return top, nil
}

// position adds the line to an error of the decoder.
func position(raw []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	offset := min(int(syntax.Offset), len(raw))
	return fmt.Errorf("line %d: %w", 1+bytes.Count(raw[:offset], []byte("\n")), err)
}

// format checks the version and returns the minor one.
func format(top fields) (int, error) {
	if _, ok := top["nbformat"]; !ok {
		return 0, errors.New("no nbformat field")
	}
	major, err := top.count("nbformat")
	if err != nil {
		return 0, err
	}
	minor, err := top.count("nbformat_minor")
	switch {
	case err != nil:
		return 0, err
	case major < Major:
		return 0, fmt.Errorf("it has format %d; convert it to format 4 with: jupyter nbconvert --to notebook --nbformat 4 NOTEBOOK", major)
	case major > Major:
		return 0, fmt.Errorf("it has format %d; this program knows format 4: a newer one may read it", major)
	}
	return minor, nil
}

func parse(top fields, minor int) (*Notebook, error) {
	n := &Notebook{Minor: max(minor, Minor)}
	var err error
	if n.Metadata, err = top.object("metadata"); err != nil {
		return nil, err
	}
	for _, key := range []string{"orig_nbformat", "orig_nbformat_minor", "signature"} {
		delete(n.Metadata, key) // as nbformat does: not to be stored
	}
	cells, err := top.list("cells")
	if err != nil {
		return nil, err
	}
	for i, v := range cells {
		c, err := parseCell(v, minor)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		n.Cells = append(n.Cells, c)
	}
	n.Extra = top.rest()
	n.identify()
	return n, nil
}

func parseCell(v any, minor int) (*Cell, error) {
	f, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("not an object")
	}
	return fields(f).cell(minor)
}

func (f fields) cell(minor int) (*Cell, error) {
	c := &Cell{}
	var kind string
	err := errors.Join(
		f.into(&kind, "cell_type"),
		f.into(&c.ID, "id"),
		f.lines(&c.Source, "source"),
	)
	if err != nil {
		return nil, err
	}
	c.Type = CellType(kind)
	if !c.Type.known() && minor <= Minor {
		return nil, fmt.Errorf("cell_type %q is not code, markdown or raw", kind)
	}
	if c.Metadata, err = f.object("metadata"); err != nil {
		return nil, err
	}
	delete(c.Metadata, "trusted")
	if c.Attachments, err = f.attachments(); err != nil {
		return nil, err
	}
	if c.Type == Code {
		err = f.run(c, minor)
	}
	c.Extra = f.rest()
	return c, err
}

func (t CellType) known() bool { return t == Code || t == Markdown || t == Raw }

// run reads what only code cells have.
func (f fields) run(c *Cell, minor int) (err error) {
	if c.Count, err = f.count("execution_count"); err != nil {
		return err
	}
	outputs, err := f.list("outputs")
	if err != nil {
		return err
	}
	for i, v := range outputs {
		m, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("output %d: not an object", i+1)
		}
		o, err := fields(m).output(minor)
		if err != nil {
			return fmt.Errorf("output %d: %w", i+1, err)
		}
		c.Outputs = append(c.Outputs, o)
	}
	return nil
}

func (f fields) output(minor int) (*Output, error) {
	o := &Output{}
	var kind string
	if err := f.into(&kind, "output_type"); err != nil {
		return nil, err
	}
	o.Type = OutputType(kind)
	var err error
	switch o.Type {
	case Stream:
		err = errors.Join(f.into(&o.Name, "name"), f.lines(&o.Text, "text"))
	case Display, Result:
		err = f.bundle(o)
	case Error:
		err = errors.Join(f.into(&o.EName, "ename"), f.into(&o.EValue, "evalue"), f.traceback(o))
	default:
		if minor <= Minor {
			err = fmt.Errorf("output_type %q is not stream, display_data, execute_result or error", kind)
		}
	}
	o.Extra = f.rest()
	return o, err
}

func (f fields) bundle(o *Output) (err error) {
	if o.Data, err = f.object("data"); err != nil {
		return err
	}
	joinBundle(o.Data)
	if o.Metadata, err = f.object("metadata"); err != nil {
		return err
	}
	if o.Type == Result {
		o.Count, err = f.count("execution_count")
	}
	return err
}

func (f fields) traceback(o *Output) error {
	list, err := f.list("traceback")
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return errors.New("traceback: want a list of strings")
		}
		o.Traceback = append(o.Traceback, s)
	}
	return err
}

func (f fields) attachments() (map[string]any, error) {
	if _, ok := f["attachments"]; !ok {
		return nil, nil
	}
	m, err := f.object("attachments")
	for name, v := range m {
		bundle, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("attachments: %s is not an object", name)
		}
		joinBundle(bundle)
	}
	return m, err
}

var validID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// identify gives an id to each cell that has none or an unusable one, and to
// the later of two cells that share one.
func (n *Notebook) identify() {
	seen := map[string]bool{}
	for i, c := range n.Cells {
		for salt := 0; !validID.MatchString(c.ID) || seen[c.ID]; salt++ {
			sum := sha256.Sum256([]byte(strconv.Itoa(i) + "." + strconv.Itoa(salt) + "." + c.Source))
			c.ID = fmt.Sprintf("%x", sum[:4])
		}
		seen[c.ID] = true
	}
}
