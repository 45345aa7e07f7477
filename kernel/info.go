package kernel

import (
	"cmp"
	"context"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// kernelInfo does not wait for the engine to be prepared, so that a client is
// connected at once.
func (k *Kernel) kernelInfo(context.Context, *request, jupyter.KernelInfoRequest) jupyter.Content {
	e := k.cfg.Engine.Info()
	return jupyter.KernelInfoReply{
		Outcome:               jupyter.Outcome{Status: jupyter.OK},
		ProtocolVersion:       jupyter.ProtocolVersion,
		Implementation:        "interleave",
		ImplementationVersion: cmp.Or(k.cfg.Version, "devel"),
		LanguageInfo: jupyter.LanguageInfo{
			Name:              "go",
			Version:           e.GoVersion,
			MIMEType:          "text/x-go",
			FileExtension:     ".go",
			PygmentsLexer:     "go",
			CodeMirrorMode:    "go",
			NBConvertExporter: "script",
		},
		Banner:            e.Banner,
		SupportedFeatures: k.features(),
		HelpLinks: []jupyter.HelpLink{
			{Text: "Go: standard library", URL: "https://pkg.go.dev/std"},
			{Text: "Go: language specification", URL: "https://go.dev/ref/spec"},
			{Text: "Go: documentation", URL: "https://go.dev/doc/"},
		},
	}
}

// features are optional parts of the protocol that clients may use.
func (k *Kernel) features() []string {
	if k.besides() {
		return []string{"kernel subshells"}
	}
	return nil
}

func (k *Kernel) connect(context.Context, *request, jupyter.ConnectRequest) jupyter.Content {
	c := k.cfg.Connection
	return jupyter.ConnectReply{
		Outcome:       jupyter.Outcome{Status: jupyter.OK},
		ShellPort:     c.ShellPort,
		IOPubPort:     c.IOPubPort,
		StdinPort:     c.StdinPort,
		HeartbeatPort: c.HeartbeatPort,
		ControlPort:   c.ControlPort,
	}
}
