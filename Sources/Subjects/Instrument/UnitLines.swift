// SPDX-License-Identifier: GPL-2.0-only

/// The lines of a part of a unit, with their places in the user's files.
struct UnitLines {
  private(set) var lines: [CoveredFunction.Line] = []

  init(_ unit: [UInt8], _ range: Range<Int>) {
    var file = ""
    var number = 1
    for bytes in unit[range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    {
      let text = String(decoding: bytes, as: UTF8.self)
      if let named = FunctionTokens.lineDirective(text) {
        (file, number) = named
      } else {
        lines.append(.init(line: CoverageLine(file: file, number: number), text: text))
        number += 1
      }
    }
  }
}
