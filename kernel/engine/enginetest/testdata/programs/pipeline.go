// A pipeline over text: readers, scanners, writers.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"
)

type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i, c := range p[:n] {
		switch {
		case c >= 'a' && c <= 'z':
			p[i] = 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			p[i] = 'A' + (c-'A'+13)%26
		}
	}
	return n, err
}

type upper struct{ io.Writer }

func (u upper) Write(p []byte) (int, error) {
	return u.Writer.Write(bytes.Map(unicode.ToUpper, p))
}

func words(data []byte, atEOF bool) (int, []byte, error) {
	adv, tok, err := bufio.ScanWords(data, atEOF)
	return adv, bytes.Trim(tok, ".,!"), err
}

const text = `The quick brown fox.
It jumps, over the lazy dog!
The dog sleeps.`

func main() {
	io.Copy(os.Stdout, rot13{rot13{strings.NewReader("unchanged\n")}})
	io.Copy(upper{os.Stdout}, rot13{strings.NewReader("uryyb\n")})
	sc := bufio.NewScanner(strings.NewReader(text))
	sc.Split(words)
	count := map[string]int{}
	for sc.Scan() {
		count[strings.ToLower(sc.Text())]++
	}
	fmt.Println(count["the"], count["dog"], len(count))
	var zip bytes.Buffer
	h := sha256.New()
	zw, _ := gzip.NewWriterLevel(io.MultiWriter(&zip, io.Discard), gzip.BestSpeed)
	n, err := io.Copy(io.MultiWriter(zw, h), strings.NewReader(strings.Repeat(text, 50)))
	zw.Close()
	fmt.Println(n, err, zip.Len() < 1000, hex.EncodeToString(h.Sum(nil))[:16])
	zr, _ := gzip.NewReader(&zip)
	lines := 0
	for br := bufio.NewReader(zr); ; lines++ {
		if _, err := br.ReadString('\n'); err != nil {
			fmt.Println(lines, err)
			break
		}
	}
	tw := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(tw, "word\tcount\t")
	fmt.Fprintln(tw, "the\t3\t")
	tw.Flush()
	pr, pw := io.Pipe()
	go func() {
		w := bufio.NewWriter(pw)
		for i := range 3 {
			fmt.Fprintf(w, "line %d\n", i)
		}
		w.Flush()
		pw.CloseWithError(io.ErrUnexpectedEOF)
	}()
	b, err := io.ReadAll(pr)
	fmt.Printf("%q %v\n", b, err)
	sr := io.NewSectionReader(strings.NewReader(text), 4, 5)
	s, _ := io.ReadAll(sr)
	fmt.Println(string(s))
}
