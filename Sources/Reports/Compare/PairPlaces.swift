// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// The places at which A and B part, side by side, each with lines of its own text.
struct PairPlaces {
  private let id: String
  private let places: [(name: String, place: Place)]

  init(_ difference: SubjectComparison.Finding) {
    id = difference.id
    var places: [(name: String, place: Place)] = []
    if let first = difference.places.first { places.append(("A", first)) }
    if let second = difference.places.second { places.append(("B", second)) }
    self.places = places
  }

  var blocks: [Block] {
    let figures = places.compactMap { figure($0.name, $0.place) }
    guard let shown = places.first, !figures.isEmpty else { return [] }
    return [
      Block(kind: .paragraph(Self.basis(of: shown.place))), Block(kind: .figures(figures)),
    ]
  }

  private func figure(_ name: String, _ place: Place) -> Figure? {
    let drawn = PlaceBlocks(place, cause: place.frames.first?.function ?? "")
    guard let location = drawn.location else { return nil }
    return Figure(
      id: "\(id)-place-\(name.lowercased())", caption: "\(name): \(location)",
      lines: drawn.lines(as: .own))
  }

  private static func basis(of place: Place) -> Phrase {
    guard place.basis == .text else {
      return "By the statements that they pass, they part here."
    }
    return place.isTried
      ? "By the text, they part here: with B's text in this place, A does what B does."
      : "By the text, they differ here; no experiment says whether this makes the difference."
  }
}
