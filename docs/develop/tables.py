#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes what documents say of the rules of the oracle and of the functions of the surface.

    tables.py ROOT            writes the lists in docs/schemas and the rules in docs/use/oracle.md
    tables.py ROOT --check    fails when they are not what it would write

The sources are the tables in Swift. What this script reads of them stands as `swift format` writes it.
"""
import json
import pathlib
import re
import sys

RULES = "Sources/Oracle/OracleRule.swift"
REASONS = "Sources/Reports/Explanations/RuleReason.swift"
FUNCTIONS = "Sources/Machine/Surface/KernelFunction.swift"
PAGE = "docs/use/oracle.md"


def between(text, start, end):
    """The text from behind `start` up to the next `end`."""
    return text[text.index(start) + len(start):].split(end, 1)[0]


def cases(body):
    """The cases of a switch, each with the text of its branch."""
    for branch in re.split(r"^ +case (?=\.)", body, flags=re.M)[1:]:
        names, _, text = branch.partition(":")
        for name in re.findall(r"\.(\w+)", names):
            yield name, text


def joined(text):
    """The literals of a branch, which are added to one another."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace('\\"', '"')


def rules(root):
    """The rules in their order: the id, what holds, the severity, the classes of defects."""
    text = (root / RULES).read_text(encoding="utf-8")
    listed = between(text, "public enum OracleRule", "public enum Severity")
    ids = {name: wire or name for name, wire in
           re.findall(r'^  case (\w+)(?: = "([^"]+)")?$', listed, re.M)}
    severities = {name: re.search(r"\.(\w+)", branch).group(1) for name, branch in
                  cases(between(text, "public var severity", "\n  }\n"))}
    sentences = {name: joined(branch) for name, branch in
                 cases(between(text, "public var sentence", "\n  }\n"))}
    text = (root / REASONS).read_text(encoding="utf-8")
    classes = {name: re.search(r'", \[([0-9, ]+)\]', " ".join(branch.split())).group(1) for name, branch in
               cases(between(text, "func reason(_ rule", "\n  }\n"))}
    return [(ids[name], sentences[name], severities.get(name, "error"), classes[name]) for name in ids]


def functions(root):
    """The names of the functions, by number: those that the commit adds, and the others."""
    rows = re.findall(r'^    \.(hotplug|creation|generic)\(\s*\.\w+, "(\w+)"',
                      (root / FUNCTIONS).read_text(encoding="utf-8"), re.M)
    added = [name for kind, name in rows if kind == "hotplug"]
    return added, [name for _, name in rows if name not in added]


def schemas(root, lists):
    """Each schema with the lists that it defines."""
    for path in sorted((root / "docs/schemas").glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        for name in lists.keys() & schema.get("$defs", {}).keys():
            schema["$defs"][name]["enum"] = lists[name]
        yield path, json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def page(root, rows):
    """The page on the oracle with its table of the rules."""
    path = root / PAGE
    lines = path.read_text(encoding="utf-8").split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("| rule |")) + 2
    end = next(i for i in range(start, len(lines)) if not lines[i].startswith("|"))
    lines[start:end] = [f"| {' | '.join(row)} |" for row in rows]
    return path, "\n".join(lines)


def main(root, is_check):
    rows = rules(root)
    added, others = functions(root)
    lists = {"rule": [row[0] for row in rows], "functionName": added + others,
             "hotplugFunctionName": added}
    stale = []
    for path, text in [*schemas(root, lists), page(root, rows)]:
        if path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path.relative_to(root)))
        if not is_check:
            path.write_text(text, encoding="utf-8")
    if is_check and stale:
        sys.exit(f"{', '.join(stale)}: not what the tables in Swift say; `make generate` writes them")


main(pathlib.Path(sys.argv[1]), "--check" in sys.argv[2:])
