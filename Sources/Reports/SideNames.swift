// SPDX-License-Identifier: GPL-2.0-only

/// The names of the two sides of a comparison.
struct SideNames: Hashable, Sendable {
  /// The side under test, for use in a sentence.
  var subject: String = "the subject"
  /// The side that it is compared with, for use in a sentence.
  var reference: String = "the reference"

  /// The side under test, as a column's title.
  var subjectTitle: String { Self.title(subject) }
  /// The side that it is compared with, as a column's title.
  var referenceTitle: String { Self.title(reference) }

  private static func title(_ name: String) -> String {
    name.hasPrefix("the ") ? String(name.dropFirst(4)) : name
  }
}
