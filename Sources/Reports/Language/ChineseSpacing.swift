// SPDX-License-Identifier: GPL-2.0-only

/// The blanks between the parts of a Chinese sentence: one between Chinese and Latin letters, none between two
/// Chinese characters or beside Chinese punctuation. A sentence and its arguments come from different places, so
/// neither knows which blank the other needs.
enum ChineseSpacing {
  struct Part: Sendable, Hashable {
    var text: String
    /// Whether the text is somebody else's, which does not change.
    var isFixed: Bool
  }

  /// The texts of the parts, in order, with the right blanks where two meet.
  static func spaced(_ parts: [Part]) -> [String] {
    var texts = parts.map(\.text)
    let inked = texts.indices.filter { place in texts[place].contains { $0 != " " } }
    for (left, right) in zip(inked, inked.dropFirst()) {
      guard let last = texts[left].unicodeScalars.last(where: { $0 != " " }),
        let first = texts[right].unicodeScalars.first(where: { $0 != " " })
      else { continue }
      let between = (left + 1)..<right
      let ending = texts[left].reversed().prefix { $0 == " " }.count
      let beginning = texts[right].prefix { $0 == " " }.count
      let blanks = ending + beginning + between.reduce(0) { $0 + texts[$1].count }
      if blanks == 1, isTight(last, first) {
        if ending == 1, !parts[left].isFixed { texts[left].removeLast() }
        if beginning == 1, !parts[right].isFixed { texts[right].removeFirst() }
        for place in between where !parts[place].isFixed { texts[place] = "" }
      } else if blanks == 0, isApart(last, first) {
        if !parts[left].isFixed {
          texts[left] += " "
        } else if !parts[right].isFixed {
          texts[right] = " " + texts[right]
        }
      }
    }
    return texts
  }

  private static func isTight(_ last: Unicode.Scalar, _ first: Unicode.Scalar) -> Bool {
    isMark(last) || isMark(first) || isHan(last) && isHan(first)
  }

  private static func isApart(_ last: Unicode.Scalar, _ first: Unicode.Scalar) -> Bool {
    let isWord = first.isASCII && (isLatin(first) || "_-/~".unicodeScalars.contains(first))
    return isHan(last) && isWord || isLatin(last) && isHan(first)
  }

  private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
    (0x4e00...0x9fff).contains(scalar.value)
  }

  private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
  }

  /// Chinese punctuation, which has its own blank within.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    "，。；：、！？（）《》".unicodeScalars.contains(scalar)
  }
}
