#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the table of docs/develop/defects.md from the headers of the patches.

    defects.py PATCHES DOCUMENT

The first column, the name of a class, stays as it is; a class that is new gets the subject of its patch.
"""
import pathlib
import re
import sys


def headers(path):
    """The Defect- lines of a patch and its subject."""
    message = path.read_text(encoding="utf-8").split("\n---\n")[0]
    values = dict(re.findall(r"^Defect-([A-Za-z-]+): (.*)$", message, re.M))
    subject = re.search(r"^Subject: (?:\[[^]]*\] )?(?:riscv: mm: )?(.*)$", message, re.M)
    values["Subject"] = subject.group(1) if subject else path.stem
    return values


def main(patches, document):
    lines = document.read_text(encoding="utf-8").split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("| class |"))
    end = next(i for i in range(start, len(lines)) if not lines[i].startswith("|"))
    known = {int(m.group(1)): m.group(2) for line in lines[start:end]
             if (m := re.match(r"\| (\d+) ([^|]*?) \|", line))}
    rows = []
    for path in patches.glob("*.patch"):
        own = headers(path)
        number = int(own["Class"])
        place = f"{', '.join(own['Function'].split())} ({', '.join(own['Modes'].split())})"
        rows.append((number, f"| {number} {known.get(number, own['Subject'])} | {path.stem} | {place} "
                             f"| {own['Rule']} | {own['Instance']} |"))
    lines[start + 2:end] = [row for _, row in sorted(rows)]
    document.write_text("\n".join(lines), encoding="utf-8")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
