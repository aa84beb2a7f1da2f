// SPDX-License-Identifier: GPL-2.0-only

/// The rules that a subject breaks in a case.
public struct BrokenRules: Hashable, Sendable {
  /// Those that the reference does not break there.
  public var own: [Violation]
  /// Those that it breaks, too: hazards of upstream's text.
  public var shared: [Violation]
  /// Those that the reference alone breaks: the subject may have mended upstream's text.
  public var mended: [Violation]

  public init(own: [Violation] = [], shared: [Violation] = [], mended: [Violation] = []) {
    self.own = own
    self.shared = shared
    self.mended = mended
  }

  /// What a subject breaks, told apart by what the reference breaks in the same case.
  public init(_ subject: [Violation], reference: [Violation]) {
    let known = Set(reference.map(\.key))
    own = subject.filter { !known.contains($0.key) }
    shared = subject.filter { known.contains($0.key) }
    let broken = Set(subject.map(\.key))
    mended = reference.filter { !broken.contains($0.key) }
  }
}
