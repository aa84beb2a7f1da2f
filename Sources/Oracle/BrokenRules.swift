// SPDX-License-Identifier: GPL-2.0-only

/// The rules that a subject breaks in a case, compared with the reference.
public struct BrokenRules: Hashable, Sendable {
  /// Violations by the subject alone.
  public var own: [Violation]
  /// Violations by both sides: hazards of upstream's text.
  public var shared: [Violation]
  /// Violations by the reference alone: the subject may have mended upstream's text.
  public var mended: [Violation]

  public init(own: [Violation] = [], shared: [Violation] = [], mended: [Violation] = []) {
    self.own = own
    self.shared = shared
    self.mended = mended
  }

  /// Splits the violations of a subject by those of the reference in the same case.
  public init(_ subject: [Violation], reference: [Violation]) {
    let known = Set(reference.map(\.key))
    own = subject.filter { !known.contains($0.key) }
    shared = subject.filter { known.contains($0.key) }
    let broken = Set(subject.map(\.key))
    mended = reference.filter { !broken.contains($0.key) }
  }
}
