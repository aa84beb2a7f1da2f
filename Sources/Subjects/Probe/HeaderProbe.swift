// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A tree's own definitions of names that the stub headers define for the surface, in one unit with the stub
/// headers' definitions, so that both answer the same questions.
public struct HeaderProbe: Sendable {
  /// The unit to compile.
  public let extraction: Extraction
  /// The questions about names that the tree defines, by number.
  public let questions: [HeaderQuestion]
  /// "FILE:LINE" of each of these names in the tree.
  public let places: [String: String]

  /// The headers in order of importance, which is the reverse of the order in which C reads them.
  private static let paths =
    ["arch/riscv/mm/pgtable.c", "include/linux/pgtable.h"]
    + ["pgalloc.h", "pgtable.h", "kasan.h", "pgtable-64.h", "pgtable-bits.h", "page.h"].map {
      "arch/riscv/include/asm/\($0)"
    }

  /// Finds the definitions; nil if the subject has no `pgtable.h`.
  public init?(_ subject: SubjectText, stubs: String) throws(Failure) {
    let files = try ProbeAssembly.parsed(subject, paths: Self.paths)
    guard files.contains(where: { $0.text.file.path.hasSuffix("/pgtable.h") }) else { return nil }
    // The machine has its own types and variables.
    var own = Set(
      files.flatMap { file in
        file.items.filter { [.function, .macro].contains($0.kind) }.flatMap(\.names)
      })
    own.subtract(
      files.flatMap { file in
        file.items.filter { $0.kind == .declaration }.flatMap(\.names)
      })
    own.subtract(SurfaceNames.all)
    let names = try StubNames(folder: stubs)
    let questions = HeaderQuestion.all.filter { own.contains($0.name) }
    let assembly = try ProbeAssembly(
      files, own: own, roots: Set(questions.map(\.name)), stubs: names)
    let aside = assembly.ownNames.filter { names.provides($0) }.sorted()
    extraction = try assembly.extraction(
      before: aside.map { "#define \($0) mhp_stub_\($0)" } + ["#include <mhp/probe_headers.h>"]
        + Self.answers(questions, named: "mhp_stub_answer") + aside.map { "#undef \($0)" },
      behind: Self.answers(questions, named: "mhp_tree_answer") + Self.lists(for: questions)
        + ["#define MHP_PROBE_ANSWERS 1", "#include <mhp/probe_headers.h>"], asHeaders: true)
    self.questions = questions
    places = Dictionary(
      questions.compactMap { question in
        Self.place(of: question.name, in: files).map { (question.name, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The place where the architecture defines a name, else that of a fallback in generic code. A macro that
  /// only announces a function does not count.
  private static func place(of name: String, in files: [ParsedFile]) -> String? {
    let ordered = files.filter { $0.text.file.path.hasPrefix("arch/") } + files
    for file in ordered {
      let items = file.items.filter { $0.kind != .prototype && $0.names.first == name }
      if let function = items.first(where: { $0.kind == .function }) {
        return file.text.location(function.body ?? function.range.lowerBound)
      }
      if let macro = items.first(where: { $0.kind == .macro }),
        UsedNames(file.text).used(by: macro) != [name]
      {
        return file.text.location(macro.range.lowerBound)
      }
    }
    return ProbeAssembly.place(of: name, in: files)
  }

  private static func answers(_ questions: [HeaderQuestion], named name: String) -> [String] {
    [
      "static mhp_u64 \(name)(u32 question, mhp_u64 w, mhp_u64 v)", "{", "(void)w; (void)v;",
      "switch (question) {",
    ]
      + questions.enumerated().map { "case \($0): return (mhp_u64)(\($1.expression));" }
      + ["}", "return 0;", "}"]
  }

  private static func lists(for questions: [HeaderQuestion]) -> [String] {
    let arguments = HeaderQuestion.Argument.allCases
    return arguments.map { argument in
      let words = argument.words.map { "0x\(String($0, radix: 16))UL" }.joined(separator: ", ")
      return "static const mhp_u64 mhp_list_\(argument.rawValue)[] = { \(words) };"
    } + ["static const struct mhp_words mhp_lists[] = {"]
      + arguments.map {
        "{ mhp_list_\($0.rawValue), sizeof(mhp_list_\($0.rawValue)) / sizeof(mhp_u64) },"
      } + ["};", "static const struct { u32 w, v; } mhp_asked[] = {"]
      + questions.map { "{ \($0.first.rawValue), \($0.second.rawValue) }," }
      + ["};", "#define MHP_QUESTIONS \(questions.count)"]
  }
}
