# make demo   sets everything up, runs a ready notebook and names its report
# make test   installs what the tests need, then runs every check there is
# make install   puts the kernel where Jupyter finds it

GO      ?= go
NOTEBOOK = notebooks/01-producer-consumer.ipynb
REPORT   = report.html

.PHONY: demo test check install bench clean

demo:
	$(GO) build -o interleave ./cmd/interleave
	./interleave run $(NOTEBOOK) -o out/$(notdir $(NOTEBOOK)) --html $(REPORT)
	@echo "The report is $(CURDIR)/$(REPORT): open it in a browser, it needs no network."

install:
	$(GO) install ./cmd/interleave
	"$$($(GO) env GOPATH)/bin/interleave" install --user

test:
	.ci/setup
	.ci/check

# check runs the tests that need nothing but Go, and says what it skipped.
check:
	$(GO) vet ./...
	$(GO) test ./...

bench:
	$(GO) test -run '^$$' -bench . ./bench/...

clean:
	rm -rf interleave $(REPORT) out .cache
