# make demo   sets everything up, runs a ready notebook and names its report
# make test   installs what the tests need, then runs every check there is
# make install   puts the kernel where Jupyter finds it
# make check  runs the tests that need Go only, and looks for known vulnerabilities
# make site   writes the notebooks with their outputs as a site of HTML files
# make pictures   makes the pictures of the README anew, in a browser
# make bench  measures cells against an executable, and kernels against another
# make twins  installs the Python that notebook 70 sets beside Go (never required)
# make image  builds the Dockerfile in a clean root and tries it (needs root)
# make dist VERSION=v0.1.0   builds a release for every platform into dist

GO      ?= go
NOTEBOOK = notebooks/01-producer-consumer.ipynb
REPORT   = report.html

.PHONY: demo test check install bench twins image dist site pictures vulnerabilities clean

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

# check runs the tests that need nothing but Go, and says what it skipped and
# what would be needed.
check: SHELL = bash
check: .SHELLFLAGS = -o pipefail -c
check:
	$(GO) vet ./...
	$(GO) test -v ./... 2>&1 | grep -E -A2 '^(ok|FAIL|panic:)|^ *--- (FAIL|SKIP)'
	.ci/vulnerabilities || [ $$? -eq 2 ]

site:
	$(GO) build -o interleave ./cmd/interleave
	./interleave report notebooks -o site

pictures:
	.ci/setup
	PATH="$(CURDIR)/.cache/venv/bin:$$PATH" $(GO) test ./cmd/interleave -count=1 -run '^TestFrontEnds$$' -screenshots $(CURDIR)/docs

bench:
	$(GO) run ./bench/loops
	$(GO) run ./bench/session
	$(GO) run ./bench/editor
	$(GO) run ./bench/laws
	bench/kernels/run.sh --markdown docs/kernels.md --json .cache/bench/kernels.json
	$(GO) run ./bench/kernels/picture -o docs/kernels.png .cache/bench/kernels.json
	$(GO) run ./bench/charts

twins:
	notebooks/twins/setup.sh

image:
	docker/test.sh

dist:
	.ci/dist $(VERSION)

vulnerabilities:
	.ci/vulnerabilities

clean:
	rm -rf interleave $(REPORT) out dist site .cache
