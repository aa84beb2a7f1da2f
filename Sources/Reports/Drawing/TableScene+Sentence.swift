// SPDX-License-Identifier: GPL-2.0-only

extension TableScene {
  /// The description of the drawing for screen readers: the number of tables, the freed and unlinked ones,
  /// the cleared entries, and the highlights. The page has the tables as text, too.
  var sentence: Phrase {
    let total = boxes.count + omitted
    var parts = [Words.count(total, "table")]
    let freed = boxes.filter(\.isFreed)
    if !freed.isEmpty { parts.append("freed: \(Self.names(freed))") }
    let loose = boxes.filter { !$0.isLinked && $0.depth == 0 && !$0.isFreed }
    if !loose.isEmpty { parts.append("nothing links to \(Self.names(loose))") }
    let cleared = boxes.flatMap { box in
      box.rows.filter(\.isCleared).map { "\(box.title)\($0.label)" }
    }
    if !cleared.isEmpty { parts.append("cleared: \(Self.list(cleared))") }
    var marked: [String] = boxes.filter(\.isMarked).map(\.title)
    for box in boxes {
      marked += box.rows.filter(\.isMarked).map { "\(box.title)\($0.label), \($0.text)" }
    }
    if !marked.isEmpty { parts.append("the sides differ at \(Self.list(marked))") }
    return "\(parts.joined("; "))."
  }

  private static func names(_ boxes: [Box]) -> Phrase { list(boxes.map(\.title)) }

  private static func list(_ names: [String]) -> Phrase {
    let rest = names.count - 8
    guard rest > 0 else { return Words.names(names) }
    return "\(names.prefix(8).map { Phrase(code: $0) }.joined(", ")) and \(rest) more"
  }
}
