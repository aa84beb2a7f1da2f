#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the manual page: what the program says of its verbs and options, between written sections.

Usage: mhpcheck --experimental-dump-help | generate.py FOLDER
FOLDER holds front.mdoc and back.mdoc. The page goes to standard output.
"""

import json
import pathlib
import re
import sys
import textwrap


def escaped(text):
    """Text as mdoc takes it: a backslash and a leading dot or quote mean something there."""
    lines = []
    for line in text.replace("\\", "\\e").replace("-", "\\-").split("\n"):
        lines.append("\\&" + line if line.startswith((".", "'")) else line)
    return "\n".join(lines)


def paragraph(text):
    """Prose, with lines that are indented kept as they are."""
    out = []
    is_verbatim = False
    for line in text.strip().split("\n"):
        wants = line.startswith("  ")
        if wants != is_verbatim:
            out.append(".Bd -literal -compact" if wants else ".Ed")
            is_verbatim = wants
        if is_verbatim and line.strip():
            out.append(escaped(line))
        elif line.strip():
            for sentence in re.split(r"(?<=[.!?:;]) (?=[A-Z])", line):
                out += [escaped(part) for part in textwrap.wrap(
                    sentence, 72, break_long_words=False, break_on_hyphens=False)]
        elif not is_verbatim:
            out.append(".Pp")
    if is_verbatim:
        out.append(".Ed")
    return out


def names(argument):
    """An option's names, as "-q, --quiet"."""
    result = []
    for name in argument.get("names", []):
        dash = "-" if name["kind"] == "short" else "--"
        result.append(dash + name["name"])
    return sorted(result, key=len)


def value(argument):
    return argument.get("valueName", "value")


def item(argument):
    """The .It line and the text of one argument."""
    if argument["kind"] == "positional":
        head = ".It Ar " + value(argument).upper()
    else:
        head = ".It " + " , ".join("Fl " + escaped(name[1:]) for name in names(argument))
        if argument["kind"] == "option":
            head += " Ar " + escaped(value(argument))
    text = argument.get("abstract", "")
    default = argument.get("defaultValue")
    if default and argument["kind"] != "flag" and "default" not in text:
        text += " (default: %s)" % default
    values = argument.get("allValueStrings") or argument.get("allValues")
    if values and not all(v in text for v in values):
        text += " (one of %s)" % ", ".join(values)
    return [head] + paragraph(text)


def merged(arguments):
    """Arguments with a flag and what turns it off as one."""
    result = []
    for argument in arguments:
        last = result[-1] if result else None
        if last and last["kind"] == argument["kind"] == "flag" and (
                last.get("abstract") == argument.get("abstract")):
            last["names"] = last["names"] + argument["names"]
        else:
            result.append(dict(argument))
    return result


def section(command):
    lines = [".Ss mhpcheck " + command["commandName"]]
    lines += paragraph(command.get("abstract", ""))
    if command.get("discussion"):
        lines.append(".Pp")
        lines += paragraph(command["discussion"])
    shown = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    shown = [a for a in shown if not {"--help", "--version"} & set(names(a))]
    shown = merged(shown)
    if shown:
        lines.append(".Bl -tag -width Ds")
        for argument in shown:
            lines += item(argument)
        lines.append(".El")
    return lines


def main():
    folder = pathlib.Path(sys.argv[1])
    program = json.load(sys.stdin)["command"]
    lines = [(folder / "front.mdoc").read_text().rstrip("\n")]
    for command in program["subcommands"]:
        if command.get("shouldDisplay", True) and command["commandName"] != "help":
            lines += section(command)
    lines.append((folder / "back.mdoc").read_text().rstrip("\n"))
    print(re.sub(r"\n{2,}", "\n", "\n".join(lines)))


main()
