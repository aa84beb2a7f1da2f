// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// The place of a change in the later text, with the lines of the earlier one where these are known.
struct ChangedPlace {
  private let place: Place

  init(_ place: Place) { self.place = place }

  var blocks: [Block] {
    let drawn = PlaceBlocks(place, cause: place.frames.first?.function ?? "")
    guard let location = drawn.location else { return [] }
    let caption: Phrase = drawn.isDiff ? "the text before (-) and the text after (+)" : ""
    let listing = Listing(caption: caption, lines: drawn.lines(as: .changed), language: "c")
    return [
      Block(kind: .paragraph(location)), Block(kind: .listing(listing)),
      Block(kind: .paragraph(basis)),
    ]
  }

  private var basis: Phrase {
    guard place.basis == .text else {
      return "By the statements that the case passes, the two part here."
    }
    return place.isTried
      ? "By the text: with the text before in this place, the text after does what it did."
      : "By the text, the two differ here; no experiment says whether this is the change."
  }
}
