// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The functions of a subject's `arch/riscv/mm/ptdump.c` that walk the kernel's page tables for a dump.
public struct DumpProbe: Sendable {
  /// A walking function that no other walking function of the file calls.
  public struct Entry: Sendable {
    /// The C name.
    public let name: String
    /// "FILE:LINE" of the function.
    public let place: String
    /// Whether it writes to a `seq_file`: such a dump runs whenever somebody reads the file. Others check
    /// the tables once, at boot.
    public let isDump: Bool
    /// The unit that runs it with a generic walk that only counts.
    public let alone: Extraction
    /// The unit that runs it with the subject's own generic walk; nil if the subject has none.
    public let withGeneric: Extraction?
  }

  /// The entries, in the order of the file.
  public let entries: [Entry]
  /// "FILE:LINE" of the generic walk; nil if the subject has none.
  public let genericPlace: String?

  private static let path = "arch/riscv/mm/ptdump.c"
  private static let genericPath = "mm/ptdump.c"
  private static let walk = "ptdump_walk_pgd"
  /// The helper through which all eras walk. A patch may show only its callers.
  private static let helper = "ptdump_walk"

  /// Finds the functions in a subject.
  public init(_ subject: SubjectText, stubs: String) throws(Failure) {
    let architecture = try ProbeAssembly.parsed(subject, paths: [Self.path])
    let generic = try ProbeAssembly.parsed(subject, paths: [Self.genericPath])
    genericPlace = ProbeAssembly.place(of: Self.walk, in: generic)
    let names = try StubNames(folder: stubs, withProbes: true)
    var entries: [Entry] = []
    for (name, arguments, isDump, place) in Self.tops(architecture) {
      func unit(_ files: [ParsedFile], isGeneric: Bool) throws(Failure) -> Extraction {
        let assembly = try ProbeAssembly(
          files, own: isGeneric ? [name, Self.walk] : [name], stubs: names)
        let isShown = ProbeAssembly.place(of: Self.helper, in: architecture) != nil
        return try assembly.extraction(
          before: ["#include <mhp/probe_ptdump.h>"]
            + (isShown ? [] : ["#define \(Self.helper)(...) mhp_walk()"]),
          behind: [
            "#define MHP_PROBE_PTDUMP 1",
            isDump
              ? "#define MHP_DUMP_SHOW(file) \(name)(\(arguments))"
              : "#define MHP_DUMP_CHECK() \(name)(\(arguments))",
          ] + (isGeneric ? ["#define MHP_OWN_\(Self.walk) 1"] : []) + [
            "#include <mhp/probe_dump.h>", "#include <mhp/probe.h>",
          ])
      }
      entries.append(
        Entry(
          name: name, place: place, isDump: isDump,
          alone: try unit(architecture, isGeneric: false),
          withGeneric: genericPlace == nil
            ? nil : try unit(architecture + generic, isGeneric: true)))
    }
    self.entries = entries
  }

  /// The walking functions that no other walking function calls: name, arguments, whether it takes a
  /// `seq_file`, and place.
  private static func tops(
    _ files: [ParsedFile]
  ) -> [(name: String, arguments: String, isDump: Bool, place: String)] {
    guard let file = files.first else { return [] }
    let functions = file.items.filter { $0.kind == .function }
    let calls = functions.map { UsedNames(file.text).used(by: $0) }
    var walkers: Set<String> = [walk, helper]
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for (function, called) in zip(functions, calls)
      where !walkers.contains(function.names[0]) && !called.isDisjoint(with: walkers) {
        walkers.insert(function.names[0])
        isGrowing = true
      }
    }
    var tops: [(String, String, Bool, String)] = []
    for (index, function) in functions.enumerated() {
      let name = function.names[0]
      let isWalker = walkers.contains(name) && !calls[index].isDisjoint(with: walkers)
      let isCalled = functions.indices.contains { other in
        other != index && walkers.contains(functions[other].names[0]) && calls[other].contains(name)
      }
      guard isWalker, !isCalled else { continue }
      let header = CLexer.tokens(
        file.text, function.range.lowerBound..<(function.body ?? function.range.upperBound))
      let list = DeclarationReader(file.text, header).header()?.parameters ?? []
      let parameters = Parameter.split(list).map { Parameter(file.text, $0) }.filter { !$0.isVoid }
      let isDump = parameters.contains { $0.type == "struct seq_file" }
      let arguments = parameters.map { parameter in
        if parameter.type == "struct seq_file" { return "(file)" }
        if parameter.type == "struct ptd_mm_info" { return isDump ? "(file)->private" : "NULL" }
        return parameter.pointers > 0 ? "NULL" : "0"
      }
      let place = ProbeAssembly.place(of: name, in: files) ?? file.text.file.displayName
      tops.append((name, arguments.joined(separator: ", "), isDump, place))
    }
    return tops
  }
}
