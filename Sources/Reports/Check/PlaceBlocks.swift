// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A place in the subject's text, drawn as a compiler does: the file and line, the chain of calls, the line
/// between its neighbours with a mark.
struct PlaceBlocks {
  private let place: Place
  private let frame: Place.Frame?

  init(_ place: Place, cause: String) {
    self.place = place
    frame = place.frame(of: cause)
  }

  var blocks: [Block] {
    guard let frame else { return [] }
    return [
      Block(kind: .paragraph(sentence(frame)), importance: .essential),
      Block(kind: .listing(excerpt(frame))),
    ] + (Self.hint(place).map { [Block(kind: .paragraph($0))] } ?? [])
  }

  /// The reference's text at the place, if the place was found by its text.
  static func hint(_ place: Place) -> Phrase? {
    guard place.basis == .text else { return nil }
    if place.reference.isEmpty { return "The reference has nothing here." }
    let text = "\(code: place.reference, atMost: 200)" as Phrase
    return place.kind == .omission
      ? "The reference has here, too: \(text)" : "The reference has here: \(text)"
  }

  /// "--> init.c:1638 in free_vmemmap_storage, from remove_pmd_mapping:1691".
  private func sentence(_ frame: Place.Frame) -> Phrase {
    let callers = place.frames.drop { $0 != frame }.dropFirst().prefix(3).map {
      "\(code: "\($0.function):\($0.line)")" as Phrase
    }
    let chain: Phrase = callers.isEmpty ? "" : ", from \(callers.joined(", "))"
    let what: Phrase = place.kind == .omission ? " (it goes on here)" : ""
    return
      "--> \(code: "\(frame.file):\(frame.line)", tone: .strong) in \(code: frame.function)\(chain)\(what)"
  }

  private func excerpt(_ frame: Place.Frame) -> Listing {
    let width = frame.excerpt.last.map { String($0.number).count } ?? 0
    return Listing(
      caption: "",
      lines: frame.excerpt.map { line in
        let number = String(line.number)
        return Listing.Line(
          text: "\(LineLayout.blanks(width - number.count))\(number) | \(line.text)",
          isMarked: line.number == frame.line)
      }, language: "c")
  }
}
