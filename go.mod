module github.com/interleave-lab/interleave

go 1.26
