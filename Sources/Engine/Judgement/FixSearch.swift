// SPDX-License-Identifier: GPL-2.0-only

import Port

/// The search for the state of the upstream text that a subject is faithful to: "lacks fix X" is a
/// better answer than "differs".
public struct FixSearch: Sendable {
  /// The set of fixes the subject was to be held against.
  public let against: UpstreamFixes
  /// The set of fixes from which the subject differs in the fewest cases.
  public private(set) var nearest: UpstreamFixes
  /// In how many cases the subject differs from `nearest`.
  let differingCases: Int

  /// Whether the subject behaves as the port at `nearest` in every case.
  var isFaithful: Bool { differingCases == 0 }

  /// Fixes of `nearest` whose presence no case of the run can tell from their absence, e.g. because
  /// its paging modes do not fold a level.
  public private(set) var unseen: [UpstreamFixes]

  /// A search that is not one: the reference is given.
  init(against: UpstreamFixes, nearest: UpstreamFixes) {
    self.against = against
    self.nearest = nearest
    differingCases = 0
    unseen = []
  }

  /// Searches all sets of fixes. Of sets that differ in equally many cases the one asked for wins,
  /// then one with fewer fixes missing, then one with fewer fixes beyond.
  public init(findings: [CaseFinding], against: UpstreamFixes) {
    var best: (key: (Int, Int, Int, Int), fixes: UpstreamFixes)?
    func isSame(_ finding: CaseFinding, _ left: UpstreamFixes, _ right: UpstreamFixes) -> Bool {
      finding.comparisons[left]?.difference == finding.comparisons[right]?.difference
    }
    for fixes in UpstreamFixes.allSets {
      let differing = findings.count { $0.difference(from: fixes) != nil }
      let missing = against.subtracting(fixes).members.count
      let beyond = fixes.subtracting(against).members.count
      // What a fix of upstream's mends is the fix.
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

  /// Takes note of a case without a finding, e.g. of a universe, in which the port at `nearest` does
  /// something else than without a fix: the run can tell that fix.
  public mutating func see(_ fix: UpstreamFixes) { unseen.removeAll { $0 == fix } }

  /// The state by which functions, held against the reference one by one, have each fix: one that all of
  /// its functions lack is missing, one that some lack is there in part. What cannot be told is as the
  /// search has it; without evidence all is.
  func stated(
    by evidence: Evidence?
  ) -> (search: FixSearch, told: UpstreamFixes, partial: [UpstreamFixes]) {
    guard let evidence else { return (self, [], []) }
    var nearest = nearest
    var told: UpstreamFixes = []
    var partial: [UpstreamFixes] = []
    for fix in against.members {
      let has = fix.functions.map { evidence.has(fix, $0) }
      // A function that is wrong by itself is not said to lack a fix, too, unless another lacks it.
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

  /// The fixes that the subject lacks, in upstream's order.
  public var missing: [UpstreamFixes] { against.subtracting(nearest).members }
  /// The fixes that the subject has beyond those asked for, in upstream's order.
  public var beyond: [UpstreamFixes] { nearest.subtracting(against).members }
}

extension UpstreamFixes {
  /// Every set of fixes.
  static var allSets: [UpstreamFixes] {
    (0...latest.rawValue).map { UpstreamFixes(rawValue: $0) }
  }

  /// The single fixes of this set, in upstream's order.
  public var members: [UpstreamFixes] {
    (0..<UInt8.bitWidth).map { UpstreamFixes(rawValue: 1 << UInt8($0)) }.filter(contains)
  }
}
