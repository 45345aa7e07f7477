package notebook

import (
	"strings"
	"unicode/utf8"
)

// isJSON says whether content of the MIME type is a JSON value, which is kept
// as it is. A text may be stored as a list of lines.
func isJSON(mime string) bool {
	return mime == "application/json" ||
		strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// isLines says whether content of the MIME type is written as a list of lines.
func isLines(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "application/javascript" || mime == "image/svg+xml"
}

// joinBundle joins the texts of a MIME bundle in place.
func joinBundle(bundle map[string]any) {
	for mime, v := range bundle {
		if isJSON(mime) {
			continue
		}
		if s, ok := joinLines(v); ok {
			bundle[mime] = s
		}
	}
}

// joinLines returns the text of a string or of a list of strings.
func joinLines(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, line := range v {
			s, ok := line.(string)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	}
	return "", false
}

// splitBundle returns a copy of the bundle with its texts as lines.
func splitBundle(bundle map[string]any) map[string]any {
	split := make(map[string]any, len(bundle))
	for mime, v := range bundle {
		if s, ok := v.(string); ok && isLines(mime) {
			v = splitLines(s)
		}
		split[mime] = v
	}
	return split
}

// splitLines cuts s after each line end. What a line end is follows Python's
// str.splitlines, because nbformat cuts there.
func splitLines(s string) []any {
	lines := []any{}
	for s != "" {
		n := lineLen(s)
		lines = append(lines, s[:n])
		s = s[n:]
	}
	return lines
}

func lineLen(s string) int {
	for i, r := range s {
		switch r {
		case '\r':
			if strings.HasPrefix(s[i:], "\r\n") {
				return i + 2
			}
			return i + 1
		case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
			return i + utf8.RuneLen(r)
		}
	}
	return len(s)
}
