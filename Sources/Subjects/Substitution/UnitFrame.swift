// SPDX-License-Identifier: GPL-2.0-only

/// What stands around a subject's items in a unit that is not the subject's alone.
struct UnitFrame {
  /// The functions that need no stand-in of the stub headers; nil for those of the items.
  var own: [String]?
  /// Before the first item, behind the stub headers.
  var before: [String] = []
  /// Behind the last item, before what calls the functions.
  var behind: [String] = []
}
