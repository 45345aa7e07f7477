package docs_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var step = regexp.MustCompile(`(?m)^ +- run: (.*?)( # .*)?$`)

// The commands of the workflow are those of its page, which TestCommands runs.
func TestWorkflow(t *testing.T) {
	workflow, err := os.ReadFile("workflow.yml")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("ci.md")
	if err != nil {
		t.Fatal(err)
	}
	steps := step.FindAllStringSubmatch(string(workflow), -1)
	if len(steps) < 3 {
		t.Fatalf("the workflow has %d commands", len(steps))
	}
	for _, s := range steps {
		if !strings.Contains(string(page), "\n$ "+s[1]+"\n") {
			t.Errorf("ci.md does not show %s", s[1])
		}
	}
}
