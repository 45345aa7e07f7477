// Program interpreter is the process that interprets, built without the race
// detector: yaegi itself has races when a cell is interrupted.
package main

import "github.com/interleave-lab/interleave/kernel/engine/yaegi"

func main() { yaegi.Child() }
