// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A line as bytes, before any decoding.
struct RawLine {
  /// The line without LF, and without one CR before it.
  var bytes: ArraySlice<UInt8>
  /// The line of the user's file in which it begins, from 1.
  var number: Int

  /// The line as text: UTF-8, or Latin-1 if it is not valid UTF-8 (as in old comments of the kernel).
  var text: String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}

extension RawLine {
  /// Limit of the number of lines; any kernel source file or series of patches has fewer.
  static let countLimit = 2_000_000

  /// Splits `bytes` into lines.
  ///
  /// Throws an error that names `name` if the bytes are not text: if they are empty or UTF-16, contain a NUL
  /// byte, have only carriage returns for line ends, or have more than `countLimit` lines.
  static func split(_ bytes: [UInt8], name: String) throws(Failure) -> [RawLine] {
    guard !bytes.isEmpty else { throw Failure(.unreadable, "\(name) is empty") }
    let isWide = bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff])
    guard !isWide, !bytes.contains(0) else {
      throw Failure(
        .unreadable, "\(name) is binary, not text",
        advice: isWide ? "it looks like UTF-16: save it as UTF-8" : nil)
    }
    guard bytes.contains(UInt8(ascii: "\n")) || !bytes.dropLast().contains(UInt8(ascii: "\r"))
    else {
      throw Failure(
        .unreadable, "\(name) has carriage returns for line ends",
        advice: "convert it first: tr '\\r' '\\n'")
    }
    let isMarked = bytes.starts(with: [0xef, 0xbb, 0xbf])
    var lines: [RawLine] = []
    var rest = bytes[(isMarked ? 3 : 0)...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      var line = rest[..<end]
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      lines.append(RawLine(bytes: line, number: lines.count + 1))
      guard lines.count <= countLimit else {
        throw Failure(.unreadable, "\(name) has more lines than any kernel source file")
      }
      rest = rest[min(end + 1, rest.endIndex)...]
    }
    return lines
  }
}

extension SourceFile {
  /// A whole file: a part of the subject, or with `isBase` the base of a patch.
  init(
    path: String, displayName: String, bytes: [UInt8], isBase: Bool = false
  ) throws(Failure) {
    let lines = try RawLine.split(bytes, name: displayName).map {
      SourceLine(text: $0.text, displayName: displayName, number: $0.number, isAdded: !isBase)
    }
    self.init(path: path, displayName: displayName, lines: lines)
  }
}
