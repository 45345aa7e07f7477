package raster

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// step is one piece of a path in its own units: a move (one point), a line
// (one), a cubic curve (three), or the way back to the start (none).
type step struct {
	kind   byte // 'M', 'L', 'C', 'Z'
	points [3]point
}

// path is an outline.
type path []step

func (p *path) move(x, y float64) { *p = append(*p, step{kind: 'M', points: [3]point{{x, y}}}) }
func (p *path) line(x, y float64) { *p = append(*p, step{kind: 'L', points: [3]point{{x, y}}}) }
func (p *path) close()            { *p = append(*p, step{kind: 'Z'}) }
func (p *path) curve(a, b, c point) {
	*p = append(*p, step{kind: 'C', points: [3]point{a, b, c}})
}

// outline is the path of a shape.
func outline(n *node) (path, error) {
	var p path
	switch n.XMLName.Local {
	case "rect":
		x, y, w, h := n.number("x", 0), n.number("y", 0), n.number("width", 0), n.number("height", 0)
		p.move(x, y)
		p.line(x+w, y)
		p.line(x+w, y+h)
		p.line(x, y+h)
		p.close()
	case "circle":
		x, y, r := n.number("cx", 0), n.number("cy", 0), n.number("r", 0)
		p.move(x+r, y)
		p.arc(point{x + r, y}, r, r, 0, false, true, point{x - r, y})
		p.arc(point{x - r, y}, r, r, 0, false, true, point{x + r, y})
		p.close()
	case "polygon", "polyline":
		v := numbers(n.attr("points"))
		for i := 0; i+1 < len(v); i += 2 {
			if i == 0 {
				p.move(v[0], v[1])
			} else {
				p.line(v[i], v[i+1])
			}
		}
		if n.XMLName.Local == "polygon" {
			p.close()
		}
	case "path":
		return parsePath(n.attr("d"))
	default:
		return nil, fmt.Errorf("element %s is not known", n.XMLName.Local)
	}
	return p, nil
}

// arity is the number of numbers each command takes.
var arity = map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'Q': 4, 'A': 7, 'Z': 0}

// parsePath reads path data (SVG 1.1, 8.3).
func parsePath(d string) (path, error) {
	r := reader{}
	for d = strings.TrimSpace(d); d != ""; {
		command := d[0]
		end := 1
		for end < len(d) && !isCommand(d[end]) {
			end++
		}
		upper := command &^ 0x20
		n, known := arity[upper]
		args := numbers(d[1:end])
		if !known || n == 0 && len(args) > 0 || n > 0 && (len(args) == 0 || len(args)%n != 0) {
			return nil, fmt.Errorf("path command %q with %d numbers is not known", command, len(args))
		}
		if n == 0 {
			r.close()
		}
		for i := 0; n > 0 && i < len(args); i += n {
			r.command(upper, command != upper, args[i:i+n])
			if upper == 'M' {
				upper = 'L' // further pairs are lines
				command = command&0x20 | 'L'
			}
		}
		d = d[end:]
	}
	return r.path, nil
}

// isCommand says whether a byte ends the numbers before it. An e belongs to
// one of them.
func isCommand(c byte) bool {
	return (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') && c != 'e' && c != 'E'
}

// reader keeps the current point while path data are read.
type reader struct {
	path      path
	at, start point
}

func (r *reader) close() {
	r.path.close()
	r.at = r.start
}

func (r *reader) command(name byte, relative bool, a []float64) {
	origin := point{}
	if relative {
		origin = r.at
	}
	p := func(i int) point { return point{a[i] + origin.x, a[i+1] + origin.y} }
	switch name {
	case 'M':
		r.at = p(0)
		r.start = r.at
		r.path.move(r.at.x, r.at.y)
		return
	case 'L':
		r.at = p(0)
		r.path.line(r.at.x, r.at.y)
	case 'H':
		r.at.x = a[0] + origin.x
		r.path.line(r.at.x, r.at.y)
	case 'V':
		r.at.y = a[0] + origin.y
		r.path.line(r.at.x, r.at.y)
	case 'C':
		r.path.curve(p(0), p(2), p(4))
		r.at = p(4)
	case 'Q': // as a cubic curve
		q, end := p(0), p(2)
		r.path.curve(between(r.at, q, 2.0/3), between(end, q, 2.0/3), end)
		r.at = end
	case 'A':
		end := p(5)
		r.path.arc(r.at, a[0], a[1], a[2], a[3] != 0, a[4] != 0, end)
		r.at = end
	}
}

func between(a, b point, t float64) point { return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

// arc adds an elliptical arc as lines (SVG 1.1, F.6.5).
func (p *path) arc(from point, rx, ry, degrees float64, large, sweep bool, to point) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || from == to {
		p.line(to.x, to.y)
		return
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	dx, dy := (from.x-to.x)/2, (from.y-to.y)/2
	x, y := cos*dx+sin*dy, -sin*dx+cos*dy
	if big := x*x/(rx*rx) + y*y/(ry*ry); big > 1 {
		rx, ry = rx*math.Sqrt(big), ry*math.Sqrt(big)
	}
	k := math.Sqrt(max(0, (rx*rx*ry*ry-rx*rx*y*y-ry*ry*x*x)/(rx*rx*y*y+ry*ry*x*x)))
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*y/ry, -k*ry*x/rx
	center := point{cos*cx - sin*cy + (from.x+to.x)/2, sin*cx + cos*cy + (from.y+to.y)/2}
	begin := math.Atan2((y-cy)/ry, (x-cx)/rx)
	turn := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - begin
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	n := max(4, int(math.Abs(turn)/(math.Pi/24)))
	for i := 1; i <= n; i++ {
		s, c := math.Sincos(begin + turn*float64(i)/float64(n))
		p.line(center.x+cos*rx*c-sin*ry*s, center.y+sin*rx*c+cos*ry*s)
	}
}

// flat is the path on the canvas, its curves as lines.
func (p path) flat(m matrix) []line {
	var lines []line
	var current line
	for _, s := range p {
		switch s.kind {
		case 'M':
			if len(current.points) > 0 {
				lines = append(lines, current)
			}
			current = line{points: []point{m.apply(s.points[0])}}
		case 'L':
			current.points = append(current.points, m.apply(s.points[0]))
		case 'C':
			current.points = cubic(current.points, m.apply(s.points[0]), m.apply(s.points[1]), m.apply(s.points[2]))
		case 'Z':
			if len(current.points) > 0 {
				current.closed = true
				lines = append(lines, current)
				current = line{points: []point{current.points[0]}}
			}
		}
	}
	if len(current.points) > 1 {
		lines = append(lines, current)
	}
	return lines
}

func cubic(points []point, b, c, d point) []point {
	if len(points) == 0 {
		return []point{d}
	}
	a := points[len(points)-1]
	length := math.Hypot(b.x-a.x, b.y-a.y) + math.Hypot(c.x-b.x, c.y-b.y) + math.Hypot(d.x-c.x, d.y-c.y)
	n := int(min(100, max(3, length/3)))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		points = append(points, point{
			u*u*u*a.x + 3*u*u*t*b.x + 3*u*t*t*c.x + t*t*t*d.x,
			u*u*u*a.y + 3*u*u*t*b.y + 3*u*t*t*c.y + t*t*t*d.y,
		})
	}
	return points
}

// numbers reads a list of numbers as compact as SVG allows ("1-2.5e-3.5");
// it stops at anything else.
func numbers(s string) []float64 {
	var all []float64
	for {
		s = strings.TrimLeft(s, " ,\t\r\n")
		n := span(s)
		v, err := strconv.ParseFloat(s[:n], 64)
		if err != nil {
			return all
		}
		all = append(all, v)
		s = s[n:]
	}
}

// span is the length of the number s begins with.
func span(s string) int {
	dot, exponent := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
		case (c == '-' || c == '+') && (i == 0 || s[i-1] == 'e' || s[i-1] == 'E'):
		case c == '.' && !dot && !exponent:
			dot = true
		case (c == 'e' || c == 'E') && !exponent && i > 0:
			exponent = true
		default:
			return i
		}
	}
	return len(s)
}
