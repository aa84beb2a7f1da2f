#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes a Debian package of an installed tree:
#   deb.sh TREE VERSION FOLDER
# TREE is what `make install DESTDIR=TREE PREFIX=/usr` made; the package goes into FOLDER, and its path is
# printed.
set -eu
tree=$1 version=$2 folder=$3
architecture=$(dpkg --print-architecture)
name=mhpcheck_${version}_$architecture.deb

strip --strip-unneeded "$tree/usr/bin/mhpcheck" "$tree/usr/libexec/mhpcheck/mhpcheck-worker"
gzip -9nf "$tree/usr/share/man/man1/mhpcheck.1"

# dpkg-shlibdeps reads debian/control of the working folder.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debian"
printf 'Source: mhpcheck\n\nPackage: mhpcheck\nArchitecture: any\n' > "$work/debian/control"
tree=$(cd "$tree" && pwd)
libraries=$(cd "$work" && dpkg-shlibdeps -O "$tree/usr/bin/mhpcheck" \
	"$tree/usr/libexec/mhpcheck/mhpcheck-worker" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')

mkdir -p "$tree/usr/share/doc/mhpcheck" "$tree/DEBIAN"
cat > "$tree/usr/share/doc/mhpcheck/copyright" <<'END'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: mhpcheck

Files: *
License: GPL-2.0-only
 On Debian systems, the text of the license is in /usr/share/common-licenses/GPL-2.
END
cat > "$tree/DEBIAN/control" <<END
Package: mhpcheck
Version: $version
Architecture: $architecture
Maintainer: mhpcheck's authors <mhpcheck@localhost>
Section: devel
Priority: optional
Installed-Size: $(du -k -s --exclude=DEBIAN "$tree" | cut -f1)
Depends: $libraries, gcc | clang, libc6-dev
Recommends: git, xz-utils, zstd, bzip2
Description: conformance harness for RISC-V memory hotplug
 mhpcheck says whether a backport of the RISC-V memory-hotplug code (Linux
 commit c75a74f4ba19) behaves as upstream's does. It compiles the functions of
 a patch, a file, a tree or a package against stub kernel headers, runs them
 beside a port of its own, and shows the smallest example of each difference
 with the line of the source.
END
mkdir -p "$folder"
dpkg-deb --root-owner-group --build "$tree" "$folder/$name" > /dev/null
echo "$folder/$name"
