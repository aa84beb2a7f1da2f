// SPDX-License-Identifier: GPL-2.0-only

/// What the two sides of a comparison are called.
struct SideNames: Hashable, Sendable {
  /// The side under test, as it stands in a sentence: "the subject", or a name.
  var subject: String = "the subject"
  /// The side it is held against.
  var reference: String = "the reference"

  /// The side under test as a column's title.
  var subjectTitle: String { Self.title(subject) }
  /// The side it is held against as a column's title.
  var referenceTitle: String { Self.title(reference) }

  private static func title(_ name: String) -> String {
    name.hasPrefix("the ") ? String(name.dropFirst(4)) : name
  }
}
