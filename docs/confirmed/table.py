#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the results of docs/use/confirm.md: tables of recorded confirmations.

Usage: table.py FOLDER [DOCUMENT]
FOLDER holds what `mhpcheck confirm --json` wrote, a file a kernel. The tables go to standard output, or
between the two marks of DOCUMENT.
"""

import json
import pathlib
import re
import sys

BEGIN = "<!-- results: made by make confirm-table from docs/confirmed/*.json -->"
END = "<!-- end of results -->"
MODES = ["sv39", "sv48", "sv57"]
WORDS = {"agrees": "agrees", "disagrees": "**differs**", "skipped": "skipped"}


def code(text, limit=200):
    """A stranger's text as a code span: nothing in it ends the span, the cell or the line."""
    text = "".join(c if c.isprintable() else "\\u{%X}" % ord(c) for c in text)
    if len(text) > limit:
        text = text[:limit] + "..."
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return (fence + space + text + space + fence).replace("|", "\\|")


def statuses(document):
    """The table of one kernel: a row a case, a column a mode."""
    found = {(case["id"], case["mode"]): case["status"] for case in document["cases"]}
    lines = ["| case | " + " | ".join(MODES) + " |", "|---" * (1 + len(MODES)) + "|"]
    for name in dict.fromkeys(case["id"] for case in document["cases"]):
        cells = [WORDS.get(found.get((name, mode)), "") for mode in MODES]
        lines.append("| " + " | ".join([code(name)] + cells) + " |")
    return lines


def hazards(document):
    """What was seen of each hazard, with a line of the kernel's where it said one."""
    lines = []
    seen = [(case, hazard) for case in document["cases"] for hazard in case["hazards"]
            if "seen" in hazard]
    for name in sorted({hazard["id"] for _, hazard in seen}, key=lambda name: int(name[1:])):
        places = [(case, hazard) for case, hazard in seen if hazard["id"] == name]
        case, hazard = next((p for p in places if p[1]["lines"]), places[0])
        lines.append("- %s, in %d %s, e.g. %s, %s: predicted %s; seen %s%s" % (
            name, len(places), "step" if len(places) == 1 else "steps",
            code(case["id"] + "@" + case["mode"]), code(hazard["step"]),
            code(hazard["predicted"]), code(hazard["seen"]),
            "; the kernel: " + code(hazard["lines"][0]) if hazard["lines"] else ""))
    return lines


def kernel(document):
    cases = document["cases"]
    count = {status: sum(case["status"] == status for case in cases) for status in WORDS}
    compared = {what: sum(case["compared"][what] for case in cases)
                for what in ("leaves", "tables", "events")}
    lines = ["### %s" % code(document["kernel"]), "",
             "%s on %s: %d of %d agree, %d differ, %d skipped, in %d s; %d leaves, %d tables and %d "
             "events were compared." % (
                 code(document.get("release", "none booted")), code(document["machine"]),
                 count["agrees"], len(cases), count["disagrees"], count["skipped"],
                 round(document["seconds"]), *compared.values()), ""]
    lines += statuses(document)
    for case in cases:
        for part in case["disagreements"]:
            lines += ["", "%s, %s, %s: the model has %s, the kernel %s." % (
                code(case["id"] + "@" + case["mode"]), code(part["step"]), code(part["place"]),
                code(part["model"]), code(part["kernel"]))]
    found = hazards(document)
    return lines + ([""] + found if found else [])


def main():
    lines = []
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != "mhpcheck.confirm/1" or "error" in document:
            sys.exit("%s holds no result" % path)
        lines += kernel(document) + [""]
    if not lines:
        lines = ["No result is recorded yet.", ""]
    results = "\n".join([BEGIN, ""] + lines + [END]) + "\n"
    if len(sys.argv) < 3:
        sys.stdout.write(results)
        return
    page = pathlib.Path(sys.argv[2])
    text = page.read_text(encoding="utf-8")
    start, end = text.index(BEGIN), text.index(END + "\n") + len(END) + 1
    page.write_text(text[:start] + results + text[end:], encoding="utf-8")


main()
