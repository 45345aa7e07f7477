package jupyter

import (
	"strconv"
	"testing"
)

func TestReplaysAreForgottenInOrder(t *testing.T) {
	var r replays
	for i := range replayWindow + 10 {
		if !r.add(strconv.Itoa(i)) {
			t.Fatalf("%d was taken for a replay", i)
		}
	}
	if len(r.seen) != replayWindow || len(r.ring) != replayWindow {
		t.Errorf("%d and %d signatures are remembered, want %d", len(r.seen), len(r.ring), replayWindow)
	}
	if r.add(strconv.Itoa(10)) || r.add(strconv.Itoa(replayWindow+9)) {
		t.Error("a replay within the window was not noticed")
	}
	if !r.add("9") {
		t.Error("a message before the window is still remembered")
	}
}
