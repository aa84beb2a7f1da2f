// SPDX-License-Identifier: GPL-2.0-only

/// What an object has in the variables of a function before the text sets them. Kernels leave it open, or put zeroes
/// there (`INIT_STACK_ALL_ZERO`).
public enum StackFill: Sendable, CaseIterable {
  /// A value that kernels do not have, so that a read shows.
  case pattern
  case zero
  /// The same for a clang before 16.
  case zeroByOldClang

  /// The compiler's options.
  var options: [String] {
    switch self {
    case .pattern: ["-ftrivial-auto-var-init=pattern"]
    case .zero: ["-ftrivial-auto-var-init=zero"]
    case .zeroByOldClang:
      [
        "-ftrivial-auto-var-init=zero",
        "-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang",
      ]
    }
  }
}
