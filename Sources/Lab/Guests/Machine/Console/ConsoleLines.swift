// SPDX-License-Identifier: GPL-2.0-only

/// The last lines of a guest's console; untrusted text.
struct ConsoleLines: Sendable {
  /// The maximum number of lines to keep.
  static let most = 20
  /// The maximum number of bytes of a line to keep; the rest is dropped.
  static let longest = 400

  private var lines: [String] = []
  private var line: [UInt8] = []

  /// Takes printed bytes.
  mutating func append(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"): close()
      case UInt8(ascii: "\r"): break
      default: if line.count < Self.longest { line.append(byte) }
      }
    }
  }

  /// The lines, oldest first, without empty ones; the line in progress is the last.
  var last: [String] {
    line.isEmpty ? lines : (lines + [Self.text(line)]).suffix(Self.most)
  }

  private mutating func close() {
    guard !line.isEmpty else { return }
    if lines.count == Self.most { lines.removeFirst() }
    lines.append(Self.text(line))
    line = []
  }

  private static func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }
}
