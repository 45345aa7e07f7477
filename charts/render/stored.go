package render

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// picture finds the static picture in the HTML of a chart.
var picture = regexp.MustCompile(`<div class="interleave-chart"[^>]*><img [^>]*src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"`)

// maxPicture is the largest stored picture that is taken; an ordinary one has
// 20 KB.
const maxPicture = 4 << 20

// Stored returns the HTML of a chart that was drawn before, without drawing it
// again: stored is the text/html that Expand has made for the spec, and it may
// come from anywhere. Only the picture is taken out of it, which can neither
// run nor load anything where it stands, in an img element; all else is made
// anew from the spec. It takes less than a millisecond.
func Stored(spec any, stored string) (string, error) {
	raw, err := encoded(spec)
	if err != nil {
		return "", err
	}
	s, err := parse(raw)
	if err != nil {
		return "", err
	}
	found := picture.FindStringSubmatch(stored)
	if found == nil || len(found[1]) > maxPicture {
		return "", errors.New("the HTML holds no picture of a chart")
	}
	svg, err := base64.StdEncoding.DecodeString(found[1])
	if err != nil {
		return "", fmt.Errorf("read the stored picture: %w", err)
	}
	if !strings.HasPrefix(string(svg), "<svg") {
		return "", errors.New("the stored picture is no SVG")
	}
	if err := wellFormed(string(svg)); err != nil {
		return "", err
	}
	return page(s, string(svg)), nil
}
