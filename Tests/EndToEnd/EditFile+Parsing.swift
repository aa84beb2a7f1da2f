// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

@testable import Engine
@testable import Machine
@testable import Port

extension EditFile {
  private static let findMark = "<<<<<<<"
  private static let replaceMark = "======="
  private static let endMark = ">>>>>>>"

  /// Reads the text of an edit file; throws the first error.
  init(kind: Kind, name: String, text: String) throws(EditError) {
    self.init(kind: kind, name: name, purpose: "")
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.popLast() == "" else { throw complaint("does not end with a newline") }
    let header = lines.prefix { $0 != Self.findMark }
    for line in header { try read(headerLine: line) }
    blocks = try readBlocks(lines[header.endIndex...])
    try checkHeader()
  }

  private mutating func read(headerLine line: String) throws(EditError) {
    if line.hasPrefix("# ") {
      purpose += (purpose.isEmpty ? "" : " ") + line.dropFirst(2)
      return
    }
    let parts = line.split(separator: ": ", maxSplits: 1)
    guard parts.count == 2 else { throw complaint("\"\(line)\" is no header line") }
    let values = parts[1].split { $0 == "," || $0 == " " }.map(String.init)
    switch parts[0] {
    case "class":
      classes = try read(values, as: "class") { Int($0) }
    case "function":
      functions = try read(values, as: "function") { KernelFunction(name: $0) }
    case "modes":
      modes = try read(values, as: "mode") { Self.knownModes.contains($0) ? $0 : nil }
    case "rules":
      rules = try read(values, as: "rule") { Self.knownRules.contains($0) ? $0 : nil }
    case "ending" where values == ["any"]:
      endings = []
    case "ending":
      endings = try read(values, as: "ending") { value in
        EndingKind.allCases.first { "\($0)" == value }
      }
    case "refusal":
      refusal = String(parts[1])
    case "host" where values == ["x86_64"]:
      host = values[0]
    case "line-ends" where values == ["crlf"]:
      hasCRLF = true
    default:
      throw complaint("\"\(line)\" is no header line")
    }
  }

  private func read<Value>(
    _ values: [String], as noun: String, _ convert: (String) -> Value?
  ) throws(EditError) -> [Value] {
    var result: [Value] = []
    for value in values {
      guard let converted = convert(value) else {
        throw complaint("there is no \(noun) \"\(value)\"")
      }
      result.append(converted)
    }
    return result
  }

  private func readBlocks(_ lines: ArraySlice<String>) throws(EditError) -> [Block] {
    var blocks: [Block] = []
    var rest = lines
    while let first = rest.popFirst() {
      let number = blocks.count + 1
      guard first == Self.findMark else {
        throw complaint("block \(number): \"\(first)\" stands outside of a block")
      }
      guard let middle = rest.firstIndex(of: Self.replaceMark),
        let end = rest[middle...].firstIndex(of: Self.endMark)
      else { throw complaint("block \(number): not closed") }
      let find = rest[..<middle]
      let replacement = rest[(middle + 1)..<end]
      guard !(find + replacement).contains(Self.findMark) else {
        throw complaint("block \(number): not closed")
      }
      guard !find.isEmpty else { throw complaint("block \(number): nothing to find") }
      guard find != replacement else { throw complaint("block \(number): changes nothing") }
      blocks.append(
        Block(
          find: find.map { $0 + "\n" }.joined(),
          replacement: replacement.map { $0 + "\n" }.joined()))
      rest = rest[(end + 1)...]
    }
    return blocks
  }

  private func checkHeader() throws(EditError) {
    guard !purpose.isEmpty else { throw complaint("no comment says what it does") }
    guard !blocks.isEmpty else { throw complaint("no block") }
    let isWrong = kind == .wrong
    guard classes.isEmpty != isWrong, modes.isEmpty != isWrong else {
      throw complaint("class and modes belong to wrong variants, and only to them")
    }
    guard functions.isEmpty != (isWrong || kind == .hostile) else {
      throw complaint("function belongs to wrong and hostile variants, and only to them")
    }
    guard rules.isEmpty != (kind == .spellings) else {
      throw complaint("rules belong to spellings, and only to them")
    }
    guard endings.isEmpty || kind == .hostile else {
      throw complaint("ending belongs to hostile variants")
    }
    guard refusal == nil || (kind == .hostile && endings.isEmpty) else {
      throw complaint("refusal belongs to hostile variants whose cases do not end")
    }
    guard classes.allSatisfy(Self.knownClasses.contains) else {
      throw complaint("a class is not among those that concern the surface")
    }
  }

  private func complaint(_ text: String) -> EditError {
    EditError(file: testDescription, complaint: text)
  }

  /// The paging modes of RISC-V that the harness runs.
  static let knownModes: Set = ["sv39", "sv48", "sv57"]

  /// The ids of `EquivalenceRule`, which reports promise to their readers.
  static let knownRules = Set(EquivalenceRule.allCases.map(\.rawValue))

  /// The defect classes that can show in the surface: all but 37 and 50.
  static let knownClasses = Set(1...52).subtracting([37, 50])
}
