// SPDX-License-Identifier: GPL-2.0-only

/// The marks that cases passed, by whether the case differs: the more of the differing cases pass a mark and
/// the fewer of the others, the more suspicious it is.
struct Spectrum: Sendable {
  private var differing: [Int: Int] = [:]
  private var agreeing: [Int: Int] = [:]
  private var count = 0

  /// Counts one case.
  mutating func add(_ marks: Set<Int>, differs: Bool) {
    if differs { count += 1 }
    for mark in marks {
      if differs { differing[mark, default: 0] += 1 } else { agreeing[mark, default: 0] += 1 }
    }
  }

  /// From 0 to 1, by Ochiai's formula (Abreu, Zoeteweij, van Gemund: An Evaluation of Similarity
  /// Coefficients for Software Fault Localization, 2006).
  func suspicion(of mark: Int) -> Double {
    guard count > 0, let own = differing[mark] else { return 0 }
    let all = Double(count) * Double(own + (agreeing[mark] ?? 0))
    return Double(own) / all.squareRoot()
  }
}
