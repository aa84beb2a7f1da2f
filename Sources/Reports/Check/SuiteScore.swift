// SPDX-License-Identifier: GPL-2.0-only

/// The mutation score of the cases on the reference. It measures the worth of a verdict.
///
/// The figures come from `make mutate`. Tests check that the reference has the same digest and number of
/// mutants, and run a thirtieth of the mutants; with `MHPCHECK_MUTATE` set, they run all of them.
struct SuiteScore: Sendable, Hashable {
  /// The SHA-256 of the mutated text, as extracted.
  let sha256: String
  /// The number of mutants before compilation.
  let made: Int
  /// The number of mutants that count.
  let total: Int
  /// The number of mutants that count and that a case distinguishes from the reference, at standard depth.
  let killed: Int
  /// The number of mutants that are argued to behave the same in every state.
  let equivalent: Int

  /// The score of this version's cases.
  static let reference = SuiteScore(
    sha256: "265d990f2727ecec7f105b86828d75dbb5f7cb3fd088d2ea433f818a7072e27f", made: 4136,
    total: 1827, killed: 1827, equivalent: 81)

  /// "763 of 763 (18 more are argued to be equivalent)".
  var phrase: String {
    "\(killed) of \(total) (\(equivalent) more are argued to be equivalent)"
  }
}
