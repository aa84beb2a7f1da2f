# SPDX-License-Identifier: GPL-2.0-only
#
# make check [SUBJECT=...]   the main job; SUBJECT as `mhpcheck check` takes it
# make test                  everything: Swift, cmocka, end to end, real kernel sources
# make test-port-mutants     whether every mutant of the port is found, alone
# make confirm               a running kernel beside the model: all cases on Debian's 6.12
# make confirm-short         the few of them that tests run; without packages it says so and goes on
# make confirm-table         the results in docs/use/confirm.md, anew from docs/confirmed
# make install PREFIX=...    the program, its stub headers and the schemas of its JSON
# make deb                   a Debian package of the program, into .build/deb; it needs no Swift where it runs
# make bench [BASE=REV]      what a case costs; fails where the program is slower than that of the last tag, or of REV
# make mutate                how many mistakes the cases show, in the reference and in a real kernel
# make lint                  formatting of Swift and C
# make generate              what is made from patches/, docs/confirmed and tables in Swift: the embedded reference,
#                            tables of documents, lists in schemas
# make man                   the manual page, anew from the program's help
# make docs                  the library's documentation with the tutorial, into .build/documentation

SUBJECT ?= builtin
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# One set of flags for every release build, so that nothing is built twice. Linked statically, the
# program runs where no Swift is installed.
RELEASE := -c release --static-swift-stdlib
PROGRAM = $(shell $(SWIFT) build $(RELEASE) --show-bin-path)/mhpcheck
STUBS := CKernelShim/stubs

# Debian's packages that building, testing and reading subjects need, by a file each brings.
PACKAGES := libcmocka-dev:/usr/include/cmocka.h libseccomp-dev:/usr/include/seccomp.h \
	libyaml-dev:/usr/include/yaml.h zstd:/usr/bin/zstd xz-utils:/usr/bin/xz git:/usr/bin/git \
	gcc:/usr/bin/gcc libc6-dev:/usr/include/stdlib.h
# What only tests need: pages are looked at in a browser, the manual is checked, guests get an archive of files.
TEST_PACKAGES := chromium:/usr/bin/chromium python3:/usr/bin/python3 mandoc:/usr/bin/mandoc \
	cpio:/usr/bin/cpio

.PHONY: check build bench mutate confirm confirm-short confirm-table test test-build \
	test-confirm test-swift test-port-mutants test-c test-reference test-tables \
	dependencies test-dependencies lint generate man docs install deb clean

check: build
	@$(PROGRAM) check $(SUBJECT)

# The program, and the one that it runs subjects in. It says with --version which commit it is of.
build: export MHPCHECK_COMMIT = $(shell git describe --always --dirty --exclude '*' 2>/dev/null)
build: export MHPCHECK_DATE = $(shell git log -1 --format=%cs 2>/dev/null)
build: dependencies
	@for product in mhpcheck mhpcheck-worker; do \
		$(SWIFT) build $(RELEASE) --product $$product --quiet || \
			$(SWIFT) build $(RELEASE) --product $$product || exit 1; \
	done

# The commit to compare with, and the pairs of runs of each command. The environment has no say in them.
BASE = $(shell git describe --tags --abbrev=0 2>/dev/null)
PAIRS = 7

bench: build
	@if [ -z "$(BASE)" ]; then \
		echo "make: no tag to compare with; BASE=REV names another commit" >&2; \
		exec $(PROGRAM) bench; \
	fi; \
	base=$$(SWIFT="$(SWIFT)" sh Benchmarks/base.sh "$(BASE)") && \
		exec $(PROGRAM) bench --against "$$base" --pairs $(PAIRS)

mutate: build
	@$(PROGRAM) mutate builtin
	@$(PROGRAM) mutate debian:linux-source-6.12

confirm: build
	@$(PROGRAM) confirm --kernel debian:trixie

confirm-short: build
	@$(PROGRAM) confirm --short --skip-missing

confirm-table:
	python3 docs/confirmed/table.py docs/confirmed docs/use/confirm.md

test: dependencies test-reference test-tables test-c lint test-swift test-confirm test-port-mutants

test-confirm: test-build
	@$(TESTED) confirm --short --skip-missing

test-reference:
	sh CKernelShim/subject/generate.sh --check

test-tables: test-dependencies
	python3 docs/develop/tables.py . --check

test-c: dependencies
	$(MAKE) --no-print-directory -j$$(nproc) -C Tests/CKernelShimTests check

# Tests are compiled with optimisation, which saves most of their time, and they and the program that they run come
# of one build. Warnings are errors there.
TESTS := -c release -Xswiftc -enable-testing --scratch-path .build/tests
TESTED = $(shell $(SWIFT) build $(TESTS) --show-bin-path)/mhpcheck

test-build test-swift test-port-mutants: export MHPCHECK_WERROR = 1
test-build test-swift test-port-mutants: export MHPCHECK_QUICK = 1

test-build: dependencies
	$(SWIFT) build $(TESTS) --build-tests

# Tests that wait for a processor run into their limits, so a few run at a time. What failed is said again at the
# end: of a long log, CI keeps the end.
test-swift: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = $(shell expr 2 \* $$(nproc))
test-swift: test-build test-dependencies
	@rm -f .build/tests.passed
	@{ MHPCHECK_PROGRAM="$(TESTED)" $(SWIFT) test $(TESTS) --skip-build 2>&1 && touch .build/tests.passed; } | \
		tee .build/tests.log
	@test -e .build/tests.passed || { echo "what failed:"; grep -a '✘' .build/tests.log; exit 1; }

# Builds a copy of the program with all mutants of the port in it, and runs each.
test-port-mutants: test-build
	MHPCHECK_PORT_MUTANTS=1 $(SWIFT) test $(TESTS) --skip-build --filter PortMutantTests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests \
		Benchmarks/Package.swift Benchmarks/CaseBenchmarks

generate:
	sh CKernelShim/subject/generate.sh
	python3 docs/develop/defects.py patches/defects docs/develop/defects.md
	python3 docs/develop/tables.py .
	python3 docs/confirmed/table.py docs/confirmed docs/use/confirm.md

man: build
	@$(PROGRAM) --experimental-dump-help | python3 docs/man/generate.py docs/man > .build/mhpcheck.1
	@mv .build/mhpcheck.1 docs/man/mhpcheck.1

DOCUMENTED := Machine Port Oracle Cases Engine Reports

docs: export MHPCHECK_DOCS = 1
docs: dependencies
	$(SWIFT) package --allow-writing-to-directory .build/documentation generate-documentation \
		$(addprefix --target ,$(DOCUMENTED)) --enable-experimental-combined-documentation \
		--warnings-as-errors --output-path .build/documentation

SHARE = $(DESTDIR)$(PREFIX)/share

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)/mhpcheck" "$(SHARE)/man/man1" \
		"$(SHARE)/bash-completion/completions" "$(SHARE)/zsh/site-functions" \
		"$(SHARE)/fish/vendor_completions.d"
	install -m 755 "$(PROGRAM)" "$(DESTDIR)$(PREFIX)/bin/mhpcheck"
	install -d "$(DESTDIR)$(PREFIX)/libexec/mhpcheck"
	install -m 755 "$(PROGRAM)-worker" "$(DESTDIR)$(PREFIX)/libexec/mhpcheck/mhpcheck-worker"
	rm -rf "$(SHARE)/mhpcheck/stubs"
	cp -R $(STUBS) "$(SHARE)/mhpcheck/stubs"
	for part in machine include reproducer; do \
		rm -rf "$(SHARE)/mhpcheck/$$part"; \
		cp -R "CKernelShim/$$part" "$(SHARE)/mhpcheck/$$part" || exit 1; \
	done
	install -m 644 CKernelShim/subject/reference.inc "$(SHARE)/mhpcheck/reference.inc"
	install -m 644 docs/man/mhpcheck.1 "$(SHARE)/man/man1/mhpcheck.1"
	$(PROGRAM) --generate-completion-script bash > "$(SHARE)/bash-completion/completions/mhpcheck"
	$(PROGRAM) --generate-completion-script zsh > "$(SHARE)/zsh/site-functions/_mhpcheck"
	$(PROGRAM) --generate-completion-script fish > "$(SHARE)/fish/vendor_completions.d/mhpcheck.fish"
	install -d "$(SHARE)/mhpcheck/schemas"
	install -m 644 docs/schemas/*.schema.json "$(SHARE)/mhpcheck/schemas"

# The binaries are stripped there, and in no other place.
deb: build
	@command -v dpkg-shlibdeps > /dev/null || { echo "make: dpkg-dev is missing; apt-get install dpkg-dev"; exit 1; }
	@rm -rf .build/deb
	@$(MAKE) --no-print-directory install DESTDIR="$(CURDIR)/.build/deb/tree" PREFIX=/usr > /dev/null
	@packaging/deb.sh .build/deb/tree "$$($(PROGRAM) --version | sed 's/ .*//')" .build/deb

clean:
	rm -rf .build

dependencies:
	@sh .ci/dependencies $(PACKAGES)

test-dependencies:
	@sh .ci/dependencies $(TEST_PACKAGES)
