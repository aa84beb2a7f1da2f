// SPDX-License-Identifier: GPL-2.0-only

/// A change of an extraction's unit.
public struct UnitEdit: Sendable, Hashable {
  /// The UTF-8 bytes of `Extraction.unit` to remove.
  public let range: Range<Int>
  /// The text to insert there.
  public let text: String

  public init(range: Range<Int>, text: String) {
    self.range = range
    self.text = text
  }
}

extension Extraction {
  /// The extraction with its unit changed. Edits must not overlap. If an edit changes the number of lines,
  /// diagnostics about later lines are wrong.
  public func edited(_ edits: [UnitEdit]) -> Extraction {
    var bytes: [UInt8] = []
    let old = Array(unit.utf8)
    var copied = 0
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      bytes += old[copied..<edit.range.lowerBound]
      bytes += edit.text.utf8
      copied = edit.range.upperBound
    }
    bytes += old[copied...]
    return Extraction(
      unit: String(decoding: bytes, as: UTF8.self), extractedText: extractedText,
      functions: functions, sources: sources, pulled: pulled, spans: spans)
  }
}
