// SPDX-License-Identifier: GPL-2.0-only

/// How many mutants of the reference the cases kill: what a verdict of this program is worth.
///
/// The figures are those that `make mutate` found. Tests hold them to the program: the reference must be
/// the one they were found for and have as many mutants, and a part of these, another one on each day of
/// the year, must fare as said; with `MHPCHECK_MUTATE` set all of them.
public struct SuiteScore: Sendable, Hashable {
  /// The SHA-256 of the extracted text that was mutated.
  public let sha256: String
  /// Mutants made, before any was compiled.
  public let made: Int
  /// Those that count.
  public let total: Int
  /// Those of these that a case tells from the reference, at standard depth.
  public let killed: Int
  /// Those that were argued to behave the same in every state.
  public let equivalent: Int

  /// The score of the cases of this version.
  public static let reference = SuiteScore(
    sha256: "eb28af13ac66042e40376a81e13660698862476f0c3e4217f547777a5c481cd2", made: 1852,
    total: 763,
    killed: 763, equivalent: 18)

  /// "763 of 763 (18 more are argued to be equivalent)".
  public var phrase: String {
    "\(killed) of \(total) (\(equivalent) more are argued to be equivalent)"
  }
}
