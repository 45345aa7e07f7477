package raster

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// named are the colour words zrender writes.
var named = map[string]string{"white": "#FFFFFF", "black": "#000000", "red": "#FF0000"}

// parseColor reads a paint (CSS Color 3) at an opacity; ok is false for none.
// An attribute that is missing has the value otherwise.
func parseColor(text, otherwise string, opacity float64) (c color.NRGBA, ok bool, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		text = otherwise
	}
	if text == "none" || text == "transparent" {
		return color.NRGBA{}, false, nil
	}
	if hex, found := named[text]; found {
		text = hex
	}
	alpha := 1.0
	switch {
	case strings.HasPrefix(text, "#"):
		c, err = hexColor(text[1:])
	case strings.HasPrefix(text, "rgb"):
		_, args, _ := strings.Cut(text, "(")
		v := numbers(args)
		if len(v) < 3 {
			return c, false, fmt.Errorf("colour %q is not known", text)
		}
		c = color.NRGBA{channel(v[0]), channel(v[1]), channel(v[2]), 255}
		if len(v) > 3 {
			alpha = v[3]
		}
	default:
		return c, false, fmt.Errorf("paint %q is not known", text)
	}
	c.A = channel(alpha * opacity * 255)
	return c, err == nil, err
}

func channel(v float64) uint8 { return uint8(math.Round(max(0, min(255, v)))) }

func hexColor(digits string) (color.NRGBA, error) {
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 6 {
		return color.NRGBA{}, fmt.Errorf("colour #%s is not known", digits)
	}
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}, nil
}
