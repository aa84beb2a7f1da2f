// SPDX-License-Identifier: GPL-2.0-only

/// A file after line splicing, as the compiler reads it, with a map back to the user's lines.
///
/// A backslash at the end of a line, even if blanks follow it, joins the line to the next, as in gcc and
/// clang. Control characters become blanks: clang ends a line at a lone carriage return, so one inside a line
/// could hide a directive.
struct SplicedText: Sendable {
  let file: SourceFile
  let bytes: [UInt8]
  /// The offset at which each line of `file` starts.
  let lineStarts: [Int]
  /// Whether a line continues the one before it.
  let continues: [Bool]
  /// For a fragment: the hunk of each line, counted from 0; empty for a whole file.
  let hunks: [Int32]

  /// Whether the text is hunks of a patch; between two of them anything can be missing.
  var isFragment: Bool { !hunks.isEmpty }

  init(_ file: SourceFile) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    var continues: [Bool] = []
    bytes.reserveCapacity(file.lines.reduce(0) { $0 + $1.text.utf8.count + 1 })
    starts.reserveCapacity(file.lines.count)
    continues.reserveCapacity(file.lines.count)
    var isContinuation = false
    for (index, line) in file.lines.enumerated() {
      starts.append(bytes.count)
      continues.append(isContinuation)
      for byte in line.text.utf8 {
        bytes.append(byte < 0x20 && byte != UInt8(ascii: "\t") ? UInt8(ascii: " ") : byte)
      }
      var end = bytes.count
      while end > starts[index], Self.isBlank(bytes[end - 1]) { end -= 1 }
      isContinuation =
        end > starts[index] && bytes[end - 1] == UInt8(ascii: "\\")
        && index + 1 < file.lines.count
      if isContinuation {
        bytes.removeSubrange((end - 1)...)
      } else {
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    self.file = file
    self.bytes = bytes
    lineStarts = starts
    self.continues = continues
    hunks = file.gaps.map { Self.hunks(of: file.lines.count, from: $0) } ?? []
  }

  private static func hunks(of count: Int, from gaps: [Int]) -> [Int32] {
    var hunks = [Int32](repeating: 0, count: count)
    var hunk: Int32 = -1
    let starts = Set(gaps)
    for index in hunks.indices {
      if index == 0 || starts.contains(index) { hunk += 1 }
      hunks[index] = hunk
    }
    return hunks
  }

  /// Whether `line` is the line after `before` in the user's file.
  static func follows(_ line: SourceLine, _ before: SourceLine) -> Bool {
    line.number == before.number + 1 && line.displayName == before.displayName
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// The index in `file.lines` of the line that contains the byte at `offset`.
  func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// "FILE:LINE" of the byte at `offset`.
  func location(_ offset: Int) -> String {
    guard !file.lines.isEmpty else { return file.displayName }
    let line = file.lines[lineIndex(at: offset)]
    return "\(line.displayName):\(line.number)"
  }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func string(_ token: CToken) -> String { string(token.start..<token.end) }

  /// The offset of the end of the line at `index`, before its newline.
  func lineEnd(_ index: Int) -> Int {
    let next = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
    let isSpliced = index + 1 < continues.count && continues[index + 1]
    return isSpliced ? next : next - 1
  }
}
