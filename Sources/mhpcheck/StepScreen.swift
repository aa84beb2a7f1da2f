// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Reports

/// Shows steps on a terminal, one at a time, forward and backward.
struct StepScreen {
  private let text: StepText
  private var step = 0
  /// The number of the step's lines above the first visible one.
  private var scrolled = 0
  /// The digits that the user has typed so far.
  private var number = ""

  /// The help for the keys, in one line.
  static let help =
    "n/p, left/right: on, back  g/G: ends  NUMBER enter  d: difference  j/k: scroll  q"

  init(_ text: StepText) { self.text = text }

  /// Shows steps until the user quits; it restores the terminal in every case.
  mutating func run() {
    guard StepTerminal.enter() else { return }
    defer { StepTerminal.end() }
    draw()
    while true {
      let shown = self
      guard let key = StepTerminal.key(redrawing: { shown.draw() }), press(key) else { return }
      draw()
    }
  }

  /// Handles a key; returns false to quit.
  private mutating func press(_ key: [UInt8]) -> Bool {
    let name = String(decoding: key, as: UTF8.self)
    let typed = number
    number = ""
    switch name {
    case "q", "\u{4}": return false
    case "n", " ", "\u{1b}[C", "\u{1b}OC": go(step + 1)
    case "p", "\u{7f}", "\u{1b}[D", "\u{1b}OD": go(step - 1)
    case "j", "\u{1b}[B", "\u{1b}OB": scrolled += 1
    case "k", "\u{1b}[A", "\u{1b}OA": scrolled = max(0, scrolled - 1)
    case "g", "\u{1b}[H", "\u{1b}OH": go(0)
    case "G", "\u{1b}[F", "\u{1b}OF": go(text.count - 1)
    case "d", "/": go(text.firstDifference ?? step)
    case "\r", "\n":
      if let wanted = Int(typed) { go(wanted) } else { go(step + 1) }
    case "0"..."9" where key.count == 1: number = String((typed + name).suffix(7))
    default: break
    }
    return true
  }

  private mutating func go(_ wanted: Int) {
    step = max(0, min(wanted, text.count - 1))
    scrolled = 0
  }

  private func draw() {
    let (lines, columns) = StepTerminal.size
    let head = text.head
    let body = text.lines(step)
    let room = max(1, lines - min(head.count, 3) - 2)
    let start = min(scrolled, max(0, body.count - room))
    var shown = Array(head.prefix(3)) + [""] + body[start...].prefix(room)
    while shown.count < lines - 1 { shown.append("") }
    let below = body.count - start - room
    let say = Output.language.text
    let typed = number.isEmpty ? "" : say("go to \(number)  ")
    let more = below > 0 ? say("(\(below) lines below)  ") : ""
    let foot = typed + more + say(Self.help)
    var screen = "\u{1b}[H"
    for line in shown.prefix(max(1, lines - 1)) {
      screen += ColumnCut.cut(line, to: columns) + "\u{1b}[K\r\n"
    }
    screen += "\u{1b}[7m" + ColumnCut.cut(foot, to: columns - 1) + "\u{1b}[0m\u{1b}[K"
    Output.put(screen, to: STDOUT_FILENO)
  }
}

/// Cuts lines to a width.
private enum ColumnCut {
  /// The line, cut to `columns` columns. Escape sequences for colours do not count.
  static func cut(_ line: String, to columns: Int) -> String {
    var result = ""
    var room = columns
    var isEscape = false
    for character in line {
      if character == "\u{1b}" { isEscape = true }
      if isEscape {
        result.append(character)
        if character.isLetter { isEscape = false }
        continue
      }
      let width = StepText.width(String(character))
      // Behind a character that does not fit nothing does, lest the line have a gap.
      if width > room { room = 0 }
      guard room > 0 else { continue }
      result.append(character)
      room -= width
    }
    return result
  }
}
