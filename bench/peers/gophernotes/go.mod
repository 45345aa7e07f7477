module github.com/interleave-lab/interleave/bench/peers/gophernotes

go 1.26

require github.com/gopherdata/gophernotes v0.7.5

require golang.org/x/tools v0.24.1 // indirect

replace github.com/cosmos72/gomacro => github.com/cosmos72/gomacro v0.0.0-20231101204900-3dc08f5f8fea
