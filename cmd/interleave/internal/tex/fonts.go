package tex

import "strings"

// fonts by the command that sets them.
var fonts = map[string]string{
	"mathrm": "normal", "mathup": "normal", "mathit": "italic", "mathbf": "bold", "boldsymbol": "bold-italic", "bm": "bold-italic",
	"mathbb": "double", "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur", "mathsf": "sans", "mathtt": "mono",
}

// alphabet says where the characters of a font stand in Unicode's block
// "Mathematical Alphanumeric Symbols"; 0 for none.
type alphabet struct{ upper, lower, digit rune }

var alphabets = map[string]alphabet{
	"italic":      {0x1d434, 0x1d44e, 0},
	"bold":        {0x1d400, 0x1d41a, 0x1d7ce},
	"bold-italic": {0x1d468, 0x1d482, 0},
	"double":      {0x1d538, 0x1d552, 0x1d7d8},
	"script":      {0x1d49c, 0x1d4b6, 0},
	"fraktur":     {0x1d504, 0x1d51e, 0},
	"sans":        {0x1d5a0, 0x1d5ba, 0x1d7e2},
	"mono":        {0x1d670, 0x1d68a, 0x1d7f6},
}

// exceptions stand elsewhere, where Unicode had them before the block.
var exceptions = map[rune]rune{
	0x1d455: 'ℎ',
	0x1d49d: 'ℬ', 0x1d4a0: 'ℰ', 0x1d4a1: 'ℱ', 0x1d4a3: 'ℋ', 0x1d4a4: 'ℐ', 0x1d4a7: 'ℒ', 0x1d4a8: 'ℳ', 0x1d4ad: 'ℛ',
	0x1d4ba: 'ℯ', 0x1d4bc: 'ℊ', 0x1d4c4: 'ℴ',
	0x1d506: 'ℭ', 0x1d50b: 'ℌ', 0x1d50c: 'ℑ', 0x1d515: 'ℜ', 0x1d51d: 'ℨ',
	0x1d53a: 'ℂ', 0x1d53f: 'ℍ', 0x1d545: 'ℕ', 0x1d547: 'ℙ', 0x1d548: 'ℚ', 0x1d549: 'ℝ', 0x1d551: 'ℤ',
}

// inFont writes letters and digits in a font; other characters stay.
func inFont(text, font string) string {
	a, ok := alphabets[font]
	if !ok {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			r = a.upper + r - 'A'
		case r >= 'a' && r <= 'z':
			r = a.lower + r - 'a'
		case r >= '0' && r <= '9' && a.digit != 0:
			r = a.digit + r - '0'
		}
		if e, ok := exceptions[r]; ok {
			return e
		}
		return r
	}, text)
}
