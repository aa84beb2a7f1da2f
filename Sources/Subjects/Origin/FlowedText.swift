// SPDX-License-Identifier: GPL-2.0-only

/// The lines of a mail in the format "flowed" (RFC 3676). It puts a blank before lines that begin with one,
/// and breaks long lines after a blank. Many programs announce it and do only one of these, or neither.
enum FlowedText {
  /// The possible meanings of `lines`, the likeliest first.
  static func readings(of lines: [RawLine]) -> [[RawLine]] {
    let unstuffed = lines.map(unstuffed)
    return [unstuffed, joined(unstuffed), lines]
  }

  private static func unstuffed(_ line: RawLine) -> RawLine {
    guard line.bytes.first == UInt8(ascii: " ") else { return line }
    return RawLine(bytes: line.bytes.dropFirst(), number: line.number)
  }

  private static func joined(_ lines: [RawLine]) -> [RawLine] {
    var result: [RawLine] = []
    var goesOn = false
    for line in lines {
      if goesOn, let last = result.indices.last {
        result[last].bytes = Array(result[last].bytes + line.bytes)[...]
      } else {
        result.append(line)
      }
      // A blank alone is an empty context line of a diff.
      goesOn = line.bytes.count > 1 && line.bytes.last == UInt8(ascii: " ")
      if line.bytes.elementsEqual("-- ".utf8) { goesOn = false }
    }
    return result
  }
}
