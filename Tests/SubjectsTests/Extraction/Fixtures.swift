// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Subjects

/// Headers with just enough of the kernel for made-up subjects, and glue that needs no machine.
enum TinyStubs {
  static let prelude = """
    #ifndef TINY_PRELUDE_H
    #define TINY_PRELUDE_H
    #define __meminit
    #define __ref
    #define NULL ((void *)0)
    typedef unsigned long u64;
    typedef unsigned long phys_addr_t;
    typedef unsigned long size_t;
    typedef _Bool bool;
    typedef struct { unsigned long pte; } pte_t;
    typedef struct { unsigned long pmd; } pmd_t;
    typedef struct { unsigned long pud; } pud_t;
    struct page;
    struct vmem_altmap { unsigned long alloc; };
    struct dev_pagemap;
    struct mhp_params { struct vmem_altmap *altmap; };
    struct mhp_operation { unsigned int function; unsigned long start, end; };
    void flush_tlb_all(void);
    #define MHP_START(op) ((op)->start)
    #define MHP_END(op) ((op)->end)
    #define MHP_SIZE(op) ((op)->end)
    #define MHP_ALTMAP(op) ((struct vmem_altmap *)NULL)
    #define MHP_PGMAP(op) ((struct dev_pagemap *)NULL)
    #endif
    """

  static let dispatch = """
    static void mhp_call(const struct mhp_operation *op)
    {
    #ifdef MHP_CALL_vmemmap_free
    \tMHP_CALL_vmemmap_free(op);
    #endif
    }
    __attribute__((visibility("default"))) void (*const mhp_subject)(const struct mhp_operation *) =
    \tmhp_call;
    void flush_tlb_all(void) {}
    """

  static func write(to folder: borrowing PrivateFolder) throws -> String {
    try folder.write(prelude, to: "stubs/mhp/prelude.h")
    try folder.write(dispatch, to: "stubs/mhp/dispatch.h")
    return folder.path + "/stubs"
  }
}

/// The lines of a file, as the reader returns them.
func source(
  _ text: String, name: String = "init.c", from first: Int = 1, isAdded: Bool = false
) -> SourceFile {
  // Splits by scalars, because to Swift a carriage return and a line feed are one character.
  let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  return SourceFile(
    path: name, displayName: name,
    lines: lines.enumerated().map {
      SourceLine(
        text: String($1), displayName: name, number: first + $0, isAdded: isAdded)
    })
}

/// The lines of a patch without base, as the reader returns them: "@" starts a hunk, "+" and " " are added
/// and context lines, "-" is dropped. Line 1 of `text` is line 4 of the patch.
func patch(_ text: String, name: String = "fix.patch") -> SubjectText {
  var lines: [SourceLine] = []
  var old: [SourceLine] = []
  var (gaps, oldGaps): ([Int], [Int]) = ([], [])
  var isCut = false
  for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    guard let mark = line.first else { continue }
    if mark == "@" {
      gaps.append(lines.count)
      oldGaps.append(old.count)
      isCut = false
      continue
    }
    let shown = SourceLine(
      text: String(line.dropFirst()), displayName: name, number: index + 4, isAdded: mark == "+",
      followsRemoved: isCut)
    isCut = mark == "-"
    if mark != "-" { lines.append(shown) }
    if mark != "+" { old.append(shown) }
  }
  func file(_ lines: [SourceLine], _ gaps: [Int]) -> SourceFile {
    SourceFile(path: "arch/riscv/mm/init.c", displayName: name, lines: lines, gaps: gaps)
  }
  return SubjectText(
    kind: "patch", origin: name, files: [file(lines, gaps)], before: [file(old, oldGaps)])
}

func extract(_ files: SourceFile...) throws -> Extraction {
  try extract(SubjectText(kind: "file", origin: "init.c", files: files))
}

func extract(_ subject: SubjectText) throws -> Extraction {
  let folder = try PrivateFolder()
  return try Extraction.extract(from: subject, stubs: try TinyStubs.write(to: folder))
}

/// The error of an extraction that must fail.
func failure(_ body: () throws -> Extraction) -> Failure? {
  do {
    _ = try body()
    Issue.record("nothing was thrown")
    return nil
  } catch {
    return error as? Failure
  }
}
