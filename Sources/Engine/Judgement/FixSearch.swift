// SPDX-License-Identifier: GPL-2.0-only

import Port

/// Searches for the upstream state that the subject implements: "lacks fix X" is a better answer than
/// "differs".
public struct FixSearch: Sendable {
  /// The requested set of fixes, to compare the subject with.
  public let against: UpstreamFixes
  /// The set of fixes from which the subject differs in the fewest cases.
  public private(set) var nearest: UpstreamFixes
  /// The number of cases in which the subject differs from `nearest`.
  let differingCases: Int

  /// Whether the subject behaves like the port at `nearest` in every case.
  var isFaithful: Bool { differingCases == 0 }

  /// Fixes of `nearest` that no case of the run can detect, e.g. because the run's paging modes do not fold a
  /// level.
  public private(set) var unseen: [UpstreamFixes]

  /// Makes a result without a search, for a given reference.
  init(against: UpstreamFixes, nearest: UpstreamFixes) {
    self.against = against
    self.nearest = nearest
    differingCases = 0
    unseen = []
  }

  /// Searches all sets of fixes. Of sets that differ in equally many cases, the search takes the one with the
  /// fewest mended cases, then with the fewest missing fixes, then with the fewest fixes beyond `against`.
  public init(findings: [CaseFinding], against: UpstreamFixes) {
    var best: (key: (Int, Int, Int, Int), fixes: UpstreamFixes)?
    func isSame(_ finding: CaseFinding, _ left: UpstreamFixes, _ right: UpstreamFixes) -> Bool {
      finding.comparisons[left]?.difference == finding.comparisons[right]?.difference
    }
    for fixes in UpstreamFixes.allSets {
      let differing = findings.count { $0.difference(from: fixes) != nil }
      let missing = against.subtracting(fixes).members.count
      let beyond = fixes.subtracting(against).members.count
      // An upstream fix that explains a mended case is the better answer.
      let mended = findings.count { !($0.comparisons[fixes]?.mends.isEmpty ?? true) }
      let key = (differing, mended, missing, beyond)
      if best.map({ key < $0.key }) ?? true { best = (key, fixes) }
    }
    self.against = against
    let nearest = best?.fixes ?? against
    self.nearest = nearest
    unseen = nearest.members.filter { fix in
      findings.allSatisfy { isSame($0, nearest, nearest.subtracting(fix)) }
    }
    differingCases = best?.key.0 ?? 0
  }

  /// Records that the run can detect a fix, because the port at `nearest` behaves differently without it in a
  /// case that has no finding, e.g. in a universe.
  public mutating func see(_ fix: UpstreamFixes) { unseen.removeAll { $0 == fix } }

  /// The result, corrected by the evidence for single functions: a fix that all of its functions lack is
  /// missing, and a fix that some of them lack is partial. Without evidence for a fix, the search result
  /// stands.
  func stated(
    by evidence: Evidence?
  ) -> (search: FixSearch, told: UpstreamFixes, partial: [UpstreamFixes]) {
    guard let evidence else { return (self, [], []) }
    var nearest = nearest
    var told: UpstreamFixes = []
    var partial: [UpstreamFixes] = []
    for fix in against.members {
      let has = fix.functions.map { evidence.has(fix, $0) }
      // A function with a defect of its own does not count as lacking a fix, unless another one lacks it.
      let isOpen = has.contains(nil) && has.contains(false)
      if isOpen || fix.functions.contains(where: evidence.untested.contains) { continue }
      told.insert(fix)
      // A caller can keep a fix from working, too.
      let isHindered = evidence.guilty.contains { $0.fixes.contains(fix) }
      if !has.isEmpty, has.allSatisfy({ $0 == false }) {
        nearest.remove(fix)
      } else {
        nearest.insert(fix)
        if isHindered { partial.append(fix) }
      }
    }
    var search = self
    search.nearest = nearest
    return (search, told, partial)
  }

  /// The fixes that the subject lacks, in upstream order.
  public var missing: [UpstreamFixes] { against.subtracting(nearest).members }
  /// The fixes that the subject has beyond the requested set, in upstream order.
  public var beyond: [UpstreamFixes] { nearest.subtracting(against).members }
}

extension UpstreamFixes {
  static var allSets: [UpstreamFixes] {
    (0...latest.rawValue).map { UpstreamFixes(rawValue: $0) }
  }

  /// The single fixes of this set, in upstream order.
  public var members: [UpstreamFixes] {
    (0..<UInt8.bitWidth).map { UpstreamFixes(rawValue: 1 << UInt8($0)) }.filter(contains)
  }
}
