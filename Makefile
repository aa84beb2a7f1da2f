# SPDX-License-Identifier: GPL-2.0-only
#
# make check [SUBJECT=...]   the main job; SUBJECT as `mhpcheck check` takes it
# make test                  everything: Swift, cmocka, end to end, real kernel sources
# make test-port-mutants     whether every mutant of the port is found, alone
# make install PREFIX=...    the program, its stub headers and the schemas of its JSON
# make bench                 what a case costs, in C, in the port and checked
# make mutate                how many mistakes the cases show, in the reference and in a real kernel
# make lint                  formatting of Swift and C
# make generate              the embedded reference, anew from patches/

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
	zstd:/usr/bin/zstd xz-utils:/usr/bin/xz git:/usr/bin/git gcc:/usr/bin/gcc \
	libc6-dev:/usr/include/stdlib.h

.PHONY: check build bench mutate test test-swift test-port-mutants test-c test-reference \
	dependencies lint generate install clean

check: build
	@$(PROGRAM) check $(SUBJECT)

build: dependencies
	@$(SWIFT) build $(RELEASE) --product mhpcheck --quiet || \
		$(SWIFT) build $(RELEASE) --product mhpcheck

bench: build
	@$(PROGRAM) bench

mutate: build
	@$(PROGRAM) mutate builtin
	@$(PROGRAM) mutate debian:linux-source-6.12

test: dependencies test-reference test-c lint test-swift test-port-mutants

test-reference:
	sh CKernelShim/subject/generate.sh --check

test-c: dependencies
	$(MAKE) --no-print-directory -C Tests/CKernelShimTests check

# Warnings are errors here. The end-to-end tests run the release build: what users run.
test-swift: export MHPCHECK_WERROR = 1
test-swift: dependencies
	$(SWIFT) build $(RELEASE) --product mhpcheck
	MHPCHECK_PROGRAM="$(PROGRAM)" $(SWIFT) test

# Builds a copy of the program with all mutants of the port in it, and runs each.
test-port-mutants: export MHPCHECK_WERROR = 1
test-port-mutants: dependencies
	MHPCHECK_PORT_MUTANTS=1 $(SWIFT) test --filter PortMutantTests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests \
		Benchmarks/Package.swift Benchmarks/CaseBenchmarks

generate:
	sh CKernelShim/subject/generate.sh

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/mhpcheck"
	install -m 755 "$(PROGRAM)" "$(DESTDIR)$(PREFIX)/bin/mhpcheck"
	rm -rf "$(DESTDIR)$(PREFIX)/share/mhpcheck/stubs"
	cp -R $(STUBS) "$(DESTDIR)$(PREFIX)/share/mhpcheck/stubs"
	install -m 644 CKernelShim/subject/reference.inc "$(DESTDIR)$(PREFIX)/share/mhpcheck/reference.inc"
	install -d "$(DESTDIR)$(PREFIX)/share/mhpcheck/schemas"
	install -m 644 docs/schemas/*.schema.json "$(DESTDIR)$(PREFIX)/share/mhpcheck/schemas"

clean:
	rm -rf .build

dependencies:
	@sh .ci/dependencies $(PACKAGES)
