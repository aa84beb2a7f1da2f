# SPDX-License-Identifier: GPL-2.0-only
"""Prints the sentences that the program can say, as JSON: [{"file": ..., "text": ...}].

    sentences.py ROOT             all of them
    sentences.py ROOT zh.json     those that a table lacks

A sentence is a string literal of the sources with at least two words, or a part of one; "{}" stands for an
argument, and literals that are added to one another are one sentence. composed.json beside this script has the
sentences that the sources put together from shorter parts.
"""
import glob
import json
import pathlib
import re
import sys

ROOMS = ["Reports", "Oracle", "Engine", "Subjects", "Lab", "mhpcheck", "Cases", "Port", "Worker"]

# What these files write is C, JSON, markup, or the words of another program. Of the formats for CI systems only
# JUnit's words are in the tables.
NOT_PROSE = re.compile(
    r"Replay/CaseInC|Reproducer|Wire|XML|SARIFLog|JSONText|HTMLText|PageStyle|HTMLPrinter|TableDrawing"
    r"|Guests/Machine|Guests/Packages/(Mirror|Pins)|Initramfs|Page/|CompilerDiagnostics|MissingDefinitions"
    r"|StubNames|TargetMachine|HarnessNames|UnitWriter|CallGlue|CallAdapter|ReferenceParts|Instrument"
    r"|Kconfig/Kconfig(Lexer|Line|Tree)|ShellSource|GuestProgram|Apt\.swift|Posting|Mail\.swift|Quotation"
    r"|TransferEncoding|FixText|OlderText|HotplugSections|AttributedName|Probe(Assembly)?\.swift|DumpProbe"
    r"|HeaderQuestion|KernelText|Completions|MarkdownPrinter|CommandWord|Mutant\.swift|AnswerBook"
    r"|Mutation/Mutat(or|ing)|Operators|Repair/|Language/|(?<!JUnit)Renderer\.swift")

# These texts precede a literal that no user sees: help of options, which the manual has, and comparisons.
NOT_SAID = re.compile(
    r"(ArgumentHelp\(|help:|abstract:|discussion:|fatalError\(|precondition\w*\([^\"]*|hasPrefix\(|hasSuffix\("
    r"|contains\(|valueName:|appending\(path:)\s*$")

CODE = re.compile(r"#include|#define|#undef|#pragma|\bstatic\b.*;|^-[A-Za-z]|^/|%s|<[a-z]+[ >/]|\\\\|;$")
WORD = re.compile(r"[A-Za-z]{2,}")


class Source:
    def __init__(self, text):
        self.text = text
        self.found = []  # (place, sentence, whether it is within an interpolation)

    def blank(self, i):
        while i < len(self.text) and self.text[i] in " \t\n":
            i += 1
        return i

    def literal(self, i):
        """Reads the literal that begins at i; returns its sentence and its end."""
        text = self.text
        isLong = text.startswith('"""', i)
        j = i + (3 if isLong else 1)
        read = ""
        while j < len(text):
            if isLong and text.startswith('"""', j):
                j += 3
                break
            if not isLong and text[j] == '"':
                j += 1
                break
            if text[j] != "\\":
                read += text[j]
                j += 1
                continue
            if text[j + 1] == "(":
                j = self.interpolation(j + 2)
                read += "{}"
            elif isLong and text[j + 1] == "\n":
                j += 2
                while text[j] in " \t":
                    j += 1
            elif text[j + 1] == "u":
                end = text.index("}", j)
                read += chr(int(text[j + 3 : end], 16))
                j = end + 1
            else:
                read += {"n": "\n", "t": "\t"}.get(text[j + 1], text[j + 1])
                j += 2
        if isLong:
            lines = read.split("\n")[1:]
            if lines and not lines[-1].strip():
                lines.pop()
            indent = min((len(l) - len(l.lstrip()) for l in lines if l.strip()), default=0)
            read = "\n".join(l[indent:] for l in lines)
        return read, j

    def interpolation(self, i):
        """Skips an interpolation from behind its opening bracket; keeps the literals in it."""
        depth = 1
        while depth and i < len(self.text):
            if self.text[i] == '"':
                sentence, end = self.literal(i)
                self.found.append((i, sentence, True))
                i = end
                continue
            depth += {"(": 1, ")": -1}.get(self.text[i], 0)
            i += 1
        return i

    def expression(self, i):
        """Skips the operand of a + from i on; keeps the literals in it."""
        depth = 0
        while i < len(self.text):
            c = self.text[i]
            if c == '"':
                sentence, i = self.literal(i)
                self.found.append((i, sentence, True))
                continue
            if c in "([{":
                depth += 1
            elif c in ")]}":
                if depth == 0:
                    return i
                depth -= 1
            elif depth == 0 and c in ",;?:+":
                return i
            elif depth == 0 and c == "\n":
                next = self.blank(i)
                if next >= len(self.text) or self.text[next] not in "+.":
                    return i
                i = next
                continue
            i += 1
        return i

    def scan(self):
        text, i = self.text, 0
        while i < len(text):
            if text.startswith("//", i):
                i = text.find("\n", i)
                if i < 0:
                    break
            elif text[i] == '"':
                start = i
                sentence, i = self.literal(i)
                while True:
                    plus = self.blank(i)
                    if plus + 1 >= len(text) or text[plus] != "+" or text[plus + 1] == "=":
                        break
                    operand = self.blank(plus + 1)
                    if text[operand] == '"':
                        more, i = self.literal(operand)
                        sentence += more
                    else:
                        i = self.expression(operand)
                        sentence += "{}"
                self.found.append((start, sentence, False))
            else:
                i += 1
        return self.found


def is_sentence(text, is_nested):
    words = WORD.findall(text.replace("{}", " "))
    if CODE.search(text):
        return False
    if is_nested:
        return bool(words) and re.fullmatch(r"[ A-Za-z,;:.()'{}-]+", text) is not None
    return " " in text.strip() and (len(words) > 1 or "{}" in text and re.search("[A-Za-z]", text) is not None)


def sentences(root):
    seen = {}
    for room in ROOMS:
        for path in sorted(glob.glob(f"{root}/Sources/{room}/**/*.swift", recursive=True)):
            if NOT_PROSE.search(path):
                continue
            source = open(path, encoding="utf-8").read()
            for place, text, is_nested in Source(source).scan():
                if NOT_SAID.search(source[max(0, place - 60) : place]) or not is_sentence(text, is_nested):
                    continue
                seen.setdefault(text, path[len(root) + 1 :])
            for words in re.findall(r'(?:heading|name|purpose|caption|title): "([^"\\\n]+)"', source):
                seen.setdefault(words, path[len(root) + 1 :])
            for row in re.findall(r"head: \[([^\]\n]*)\]", source):
                for words in re.findall(r'"([^"\\]+)"', row):
                    seen.setdefault(words, path[len(root) + 1 :])
            for noun in re.findall(r'Words\.count\([^"\n]*"([a-z ]+)"', source):
                for text in (f"{{}} {noun}", f"{{}} {noun}s"):
                    seen.setdefault(text, path[len(root) + 1 :])
    composed = pathlib.Path(__file__).with_name("composed.json")
    for text in json.loads(composed.read_text(encoding="utf-8")):
        seen.setdefault(text, composed.name)
    return seen


if __name__ == "__main__":
    found = sentences(sys.argv[1])
    known = json.load(open(sys.argv[2], encoding="utf-8")) if len(sys.argv) > 2 else {}
    print(json.dumps(
        [{"file": f, "text": t} for t, f in found.items() if t not in known],
        ensure_ascii=False, indent=1))
