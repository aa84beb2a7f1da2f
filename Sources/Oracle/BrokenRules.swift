// SPDX-License-Identifier: GPL-2.0-only

/// The rules that a subject breaks in a case.
public struct BrokenRules: Hashable, Sendable {
  /// Those that the reference does not break there.
  public var own: [Violation]
  /// Those that it breaks, too: hazards of upstream's text.
  public var shared: [Violation]

  /// Memberwise.
  public init(own: [Violation] = [], shared: [Violation] = []) {
    self.own = own
    self.shared = shared
  }

  /// What a subject breaks, told apart by what the reference breaks in the same case.
  public init(_ subject: [Violation], reference: [Violation]) {
    let known = Set(reference.map(\.key))
    own = subject.filter { !known.contains($0.key) }
    shared = subject.filter { known.contains($0.key) }
  }
}
