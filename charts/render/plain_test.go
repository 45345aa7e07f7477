package render

import "testing"

func TestPlain(t *testing.T) {
	for _, test := range []struct{ name, svg, want string }{
		{"classes", `<path d="M0 0L5 5" class="zr0-cls-3" ecmeta_series_index="1" fill="#000"></path>`, `<path d="M0 0L5 5" fill="#000"/>`},
		{"unseen", "<path d=\"M0 0L5 5\" fill=\"none\"></path>\n<g>", "<g>"},
		{"tenths", `<path d="M0.04 1.26L-0.04 5.999" fill="#000"></path>`, `<path d="M0 1.3V6" fill="#000"/>`},
		{"lines", `<path d="M1 2L5 2L5 9L5 9L1 9Z" stroke="#000"></path>`, `<path d="M1 2H5V9H1Z" stroke="#000"/>`},
		{"relative", `<path d="M1 2l5 0l0 9l-5 0Z" stroke="#000"></path>`, `<path d="M1 2h5v9h-5Z" stroke="#000"/>`},
		{"after an arc", `<path d="M1 2A2 2 0 0 1 3 4L3 9" stroke="#000"></path>`, `<path d="M1 2A2 2 0 0 1 3 4V9" stroke="#000"/>`},
		{"unknown command", `<path d="M1 2S3 4 5 6L5 6" stroke="#000"></path>`, `<path d="M1 2S3 4 5 6L5 6" stroke="#000"/>`},
		{"matrix", `<g transform="matrix(0.12345,-1,1,0,31.55555,175.25)"></g>`, `<g transform="matrix(0.1235,-1,1,0,31.5556,175.25)"></g>`},
		{"one look", "<path d=\"M1 1H2\" stroke=\"#000\"></path>\n<path d=\"M3 3H4\" stroke=\"#000\"></path>\n<path d=\"M5 5H6\" stroke=\"#111\"></path>",
			"<path d=\"M1 1H2M3 3H4\" stroke=\"#000\"/>\n<path d=\"M5 5H6\" stroke=\"#111\"/>"},
		{"translucent", "<path d=\"M1 1\" fill=\"#000\" fill-opacity=\"0.5\"></path>\n<path d=\"M2 2\" fill=\"#000\" fill-opacity=\"0.5\"></path>",
			"<path d=\"M1 1\" fill=\"#000\" fill-opacity=\"0.5\"></path>\n<path d=\"M2 2\" fill=\"#000\" fill-opacity=\"0.5\"></path>"},
		{"ids", `<g clip-path="url(#zr7-c3)"><clipPath id="zr7-c3"></clipPath></g>`, `<g clip-path="url(#c0)"><clipPath id="c0"></clipPath></g>`},
		{"text", `<text x="1.25">1.2345 d=</text>`, `<text x="1.25">1.2345 d=</text>`},
	} {
		if got := plain(test.svg); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}
