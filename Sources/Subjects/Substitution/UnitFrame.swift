// SPDX-License-Identifier: GPL-2.0-only

/// The text around a subject's items in a unit that also contains other text.
struct UnitFrame {
  /// The functions that need no stand-in from the stub headers; nil for those of the items.
  var own: [String]?
  /// Lines before the first item, after the stub headers.
  var before: [String] = []
  /// Lines after the last item, before the calls of the functions.
  var behind: [String] = []
}
