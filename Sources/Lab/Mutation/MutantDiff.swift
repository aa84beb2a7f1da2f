// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The changes of a mutant, line by line, in the unified format with the lines of the user's file.
struct MutantDiff {
  let unit: [UInt8]
  let function: FunctionStructure
  let edits: [UnitEdit]

  var text: String {
    let sorted = edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    guard let first = sorted.first, let last = sorted.last else { return "" }
    let newline = UInt8(ascii: "\n")
    let start = (unit[..<first.range.lowerBound].lastIndex(of: newline) ?? -1) + 1
    let end = unit[last.range.upperBound...].firstIndex(of: newline) ?? unit.count
    var changed: [UInt8] = []
    var copied = start
    for edit in sorted {
      changed += unit[copied..<edit.range.lowerBound]
      changed += edit.text.utf8
      copied = edit.range.upperBound
    }
    changed += unit[copied..<end]
    var (before, after) = (lines(unit[start..<end]), lines(changed[...]))
    // Drop the empty lines that only keep other lines in place.
    while after.count > 1, after.last?.allSatisfy(\.isWhitespace) == true { after.removeLast() }
    var number = line(at: first.range.lowerBound)
    while before.count > 1, after.count > 1, before.first == after.first {
      before.removeFirst()
      after.removeFirst()
      number += 1
    }
    while before.count > 1, after.count > 1, before.last == after.last {
      before.removeLast()
      after.removeLast()
    }
    let file = name(at: first.range.lowerBound)
    let header = "@@ -\(number),\(before.count) +\(number),\(after.count) @@ \(function.name)"
    return
      (["--- a/\(file)", "+++ b/\(file)", header] + before.map { "-\($0)" } + after.map { "+\($0)" })
      .joined(separator: "\n") + "\n"
  }

  private func lines(_ bytes: ArraySlice<UInt8>) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
      .filter { !$0.hasPrefix("#line ") }
  }

  private func token(at offset: Int) -> SourceToken? {
    let tokens = function.tokens
    var (low, high) = (0, tokens.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if tokens[middle].unitRange.lowerBound <= offset { low = middle } else { high = middle }
    }
    return tokens.indices.contains(low) ? tokens[low] : nil
  }

  private func line(at offset: Int) -> Int { token(at: offset)?.position.line ?? 0 }

  private func name(at offset: Int) -> String {
    let name = token(at: offset)?.position.displayName ?? ""
    return name.hasPrefix("/") ? String(name.dropFirst()) : name
  }
}
