// SPDX-License-Identifier: GPL-2.0-only

/// A class of mistakes that occur in backports and ports. `docs/develop/defects.md` has the list, with a
/// patch for most classes.
struct DefectClass: Sendable {
  /// The number in the list, from 1.
  let number: Int
  /// The mistake, in a phrase.
  let title: String
  /// The wrong behaviour of the text, compared with the correct one.
  let slip: String
  /// The effect in a kernel.
  let harm: String
  /// A kernel that had the mistake; nil if none is known.
  var instance: String?
  /// The patch in `patches/defects` that makes the mistake, without its extension.
  var patch: String?
  /// The id of the oracle rule that detects it.
  var rule: String?

  /// The id in reports and lists, e.g. "class-1".
  var id: String { "class-\(number)" }

  /// All classes, by number.
  static let all = (walks + storage + tables + translationCache + entryPoints + creation)
    .sorted { $0.number < $1.number }
}
