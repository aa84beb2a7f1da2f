#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds the program of another commit from a clean copy, once, and prints its path. For `make bench`.
#
#     base.sh REV
set -eu

cd "$(dirname -- "$0")/.."
if ! commit=$(git rev-parse --verify --quiet "$1^{commit}"); then
	echo "make: $1 names no commit; BASE=REV has to" >&2
	exit 1
fi

bench=$PWD/.build/bench
installed=$bench/$commit
if [ ! -d "$installed" ]; then
	echo "make: building $1 ($(git rev-parse --short "$commit")) to compare with, once; this takes minutes" >&2
	work=$bench/work
	rm -rf -- "$work"
	mkdir -p "$work/tree"
	git archive --output "$work/tree.tar" "$commit"
	tar -x -f "$work/tree.tar" -C "$work/tree"
	# Both programs are built with the same versions of their dependencies.
	[ ! -e Package.resolved ] || cp Package.resolved "$work/tree"
	# Nothing of this make's options is for that one. The copy is no repository, so it cannot say which commit it is.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	make -C "$work/tree" install DESTDIR= PREFIX="$work/installed" \
		MHPCHECK_COMMIT="$(git rev-parse --short "$commit")" \
		MHPCHECK_DATE="$(git log -1 --format=%cs "$commit")" >"$work/log" 2>&1 || {
		tail -n 20 "$work/log" >&2
		echo "make: $1 cannot be built; $work/log has the whole log" >&2
		exit 1
	}
	mv "$work/installed" "$installed"
	rm -rf -- "$work"
fi
echo "$installed/bin/mhpcheck"
