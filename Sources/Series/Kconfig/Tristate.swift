// SPDX-License-Identifier: GPL-2.0-only

/// A value of a `bool` or `tristate` symbol (Documentation/kbuild/kconfig-language.rst): `n`, `m` or `y`.
public enum Tristate: UInt8, Sendable, Comparable {
  case no = 0
  case module = 1
  case yes = 2

  /// The letter that files write.
  public var letter: String {
    switch self {
    case .no: "n"
    case .module: "m"
    case .yes: "y"
    }
  }

  /// The value of a letter, in quotes or not; nil for any other word.
  public init?(letter: String) {
    switch letter {
    case "n": self = .no
    case "m": self = .module
    case "y": self = .yes
    default: return nil
    }
  }

  /// By the order of the language: n, m, y.
  public static func < (left: Tristate, right: Tristate) -> Bool { left.rawValue < right.rawValue }

  /// `!` of the language: 2 minus the value.
  var inverse: Tristate {
    switch self {
    case .no: .yes
    case .module: .module
    case .yes: .no
    }
  }
}
