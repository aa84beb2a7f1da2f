// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The embedded reference with one slip, so that a check has something to find, to make smaller and to show.
enum WrongText {
  static let name = "wrong.c"

  /// The statement that it lacks. Without it, no empty PTE table is freed.
  private static let statement = "\t\tfree_pte_table(below, entry);\n"

  /// Throws if the reference does not have the statement once.
  static func made(of reference: String) throws(Failure) -> String {
    guard reference.ranges(of: statement).count == 1 else {
      throw Failure(
        .incomplete, "the text of the reference is not the one that this program was built from")
    }
    return reference.replacing(statement, with: "")
  }
}
