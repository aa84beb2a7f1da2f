// SPDX-License-Identifier: GPL-2.0-only

/// A class of slips that a backport or a port falls into. `docs/develop/defects.md` has the list, and a patch of
/// most of them.
struct DefectClass: Sendable {
  /// As in the list, from 1.
  let number: Int
  /// What goes wrong, in a phrase.
  let title: String
  /// What the text does, and what it was to do.
  let slip: String
  /// What comes of it in a kernel.
  let harm: String
  /// Where a kernel had it; nil where none is known.
  var instance: String?
  /// The patch of it in `patches/defects`, without its extension.
  var patch: String?
  /// The rule of the oracle that sees it, by id.
  var rule: String?

  /// The id in reports and lists.
  var id: String { "class-\(number)" }

  /// All of them, by number.
  static let all = (walks + storage + tables + translationCache + entryPoints + creation)
    .sorted { $0.number < $1.number }
}
