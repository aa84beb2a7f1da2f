// SPDX-License-Identifier: GPL-2.0-only

extension TableDrawing {
  /// The drawing as an element of a page, whose style sheet colours it. `id` is the prefix of the ids of its
  /// parts; `title` and `description` are for screen readers.
  func svg(id: String, title: String, description: String) -> String {
    let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    let box = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
    var parts = [
      "<svg class=\"tables\" role=\"img\" \(size) \(box) aria-labelledby=\"\(id)-t \(id)-d\">",
      "<title id=\"\(id)-t\">\(HTMLText.escaped(title))</title>",
      "<desc id=\"\(id)-d\">\(HTMLText.escaped(description))</desc>",
    ]
    parts += arrows.map(Self.element)
    parts += boxes.map(Self.element)
    parts += [apart, rest].compactMap { $0 }.map { Self.element($0, "faint") }
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  /// The number with at most one decimal.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  private static func element(_ text: Text, _ style: String) -> String {
    "<text class=\"\(style)\" x=\"\(number(text.origin.x))\" y=\"\(number(text.origin.y))\">"
      + "\(HTMLText.escaped(text.words))</text>"
  }

  private static func element(_ area: Rect, _ style: String) -> String {
    "<rect class=\"\(style)\" x=\"\(number(area.x))\" y=\"\(number(area.y))\" "
      + "width=\"\(number(area.width))\" height=\"\(number(area.height))\"/>"
  }

  private static func element(_ arrow: Arrow) -> String {
    let (start, end) = (arrow.start, arrow.end)
    let middle = (start.x + end.x) / 2
    let line =
      "M\(number(start.x)) \(number(start.y))C\(number(middle)) \(number(start.y)) "
      + "\(number(middle)) \(number(end.y)) \(number(end.x - 5)) \(number(end.y))"
    let head =
      "M\(number(end.x)) \(number(end.y))l-7 -4v8z"
    let style = arrow.isDangling ? "arrow dangling" : "arrow"
    return "<path class=\"\(style)\" d=\"\(line)\"/><path class=\"head\" d=\"\(head)\"/>"
  }

  private static func element(_ box: Box) -> String {
    let freed = box.content.isFreed
    let mark = box.content.isMarked ? " marked" : ""
    var parts = [element(box.frame, (freed ? "box freed" : "box") + mark)]
    if freed {
      let frame = box.frame
      parts.append(
        "<path class=\"strike\" d=\"M\(number(frame.x)) \(number(frame.bottom))"
          + "L\(number(frame.right)) \(number(frame.y))\"/>")
    }
    parts += box.rows.map(element)
    parts.append(element(box.title, freed ? "title struck" : "title"))
    parts += box.notes.map { element($0, "faint") }
    if let rest = box.rest { parts.append(element(rest, "faint")) }
    if box.content.isMarked { parts.append(diamond(at: box.title)) }
    return parts.joined()
  }

  private static func element(_ row: Row) -> String {
    let content = row.content
    var style = "row"
    if content.isInRange { style += " range" }
    if content.isCleared { style += " cleared" }
    if content.isMarked { style += " marked" }
    var parts = [element(row.frame, style)]
    if content.isInRange {
      // The hatching shows the range without colours, too.
      var bar = row.frame
      bar.width = 5
      parts.append(element(bar, "hatch"))
    }
    let words = content.isEmpty ? "gone" : "entry"
    parts.append(element(row.label, "faint"))
    parts.append(element(row.text, words))
    if let note = row.note { parts.append(element(note, "faint")) }
    if content.isMarked { parts.append(diamond(at: row.text)) }
    return parts.joined()
  }

  /// The sign for a difference, after the text.
  private static func diamond(at text: Text) -> String {
    let x = text.origin.x + text.width + 9
    let y = text.origin.y - 4
    return "<path class=\"sign\" d=\"M\(number(x - 6)) \(number(y))l6 -6l6 6l-6 6z\"/>"
  }
}
