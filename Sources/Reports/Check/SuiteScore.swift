// SPDX-License-Identifier: GPL-2.0-only

/// How many mutants of the reference the cases kill: what a verdict of this program is worth.
///
/// The figures are those that `make mutate` found. Tests hold them to the program: the reference must be
/// the one they were found for and have as many mutants, and a part of these, another one on each day of
/// the year, must fare as said; with `MHPCHECK_MUTATE` set all of them.
struct SuiteScore: Sendable, Hashable {
  /// The SHA-256 of the extracted text that was mutated.
  let sha256: String
  /// Mutants made, before any was compiled.
  let made: Int
  /// Those that count.
  let total: Int
  /// Those of these that a case tells from the reference, at standard depth.
  let killed: Int
  /// Those that were argued to behave the same in every state.
  let equivalent: Int

  /// The score of the cases of this version.
  static let reference = SuiteScore(
    sha256: "265d990f2727ecec7f105b86828d75dbb5f7cb3fd088d2ea433f818a7072e27f", made: 4136,
    total: 1827, killed: 1827, equivalent: 81)

  /// "763 of 763 (18 more are argued to be equivalent)".
  var phrase: String {
    "\(killed) of \(total) (\(equivalent) more are argued to be equivalent)"
  }
}
