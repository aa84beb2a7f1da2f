// SPDX-License-Identifier: GPL-2.0-only

/// The amount of cases beyond the catalogue of named cases.
public enum Depth: String, CaseIterable, Sendable {
  /// The named cases alone.
  case smoke
  /// Universes of more than a million cases, in all three modes, and a thousand random cases in each mode.
  case standard
  /// Also every state of the smallest machine with three levels, i.e. hundreds of millions of cases, and a
  /// hundred times as many random cases.
  case deep

  public var randomCasesAMode: Int {
    switch self {
    case .smoke: 0
    case .standard: 1_000
    case .deep: 100_000
    }
  }
}
