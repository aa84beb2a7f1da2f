// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

/// The results so far of the experiments with the parts of a subject.
struct Experiments: Sendable {
  /// The parts that cause a difference in a case, by the case's place.
  private(set) var shares: [Int: [Evidence.Share]] = [:]
  /// The functions that could not be put into the reference.
  var untested: Set<KernelFunction> = []

  /// All parts that cause a difference in some case.
  var guilty: Set<Evidence.Share> { Set(shares.values.joined()) }

  /// Whether nothing differs, and nothing is open.
  var isEmpty: Bool { shares.isEmpty && untested.isEmpty }

  mutating func add(_ share: Evidence.Share, _ place: Int) {
    shares[place, default: []].append(share)
  }

  mutating func formUnion(_ other: Experiments) {
    shares.merge(other.shares) { Self.inOrder($0 + $1) }
    untested.formUnion(other.untested)
  }

  func union(_ other: Experiments) -> Experiments {
    var result = self
    result.formUnion(other)
    return result
  }

  /// Each share once, functions in surface order.
  static func inOrder(_ shares: [Evidence.Share]) -> [Evidence.Share] {
    func key(_ share: Evidence.Share) -> (UInt32, String, UInt8) {
      (share.function?.rawValue ?? .max, share.name, share.fixes.rawValue)
    }
    return Set(shares).sorted { key($0) < key($1) }
  }

  /// A part with a defect of its own has it in all cases, even where it looks like a missing fix.
  mutating func settle() {
    let own = Set(guilty.filter(\.fixes.isEmpty).map(\.name))
    shares = shares.mapValues { shares in
      Self.inOrder(
        shares.map { share in
          var share = share
          if own.contains(share.name) { share.fixes = [] }
          return share
        })
    }
  }

  /// If free_pmd_table itself lacks 21f1b85c8912, its caller remove_pud_mapping does not count as lacking it.
  mutating func creditDestructor() {
    let fix = UpstreamFixes.noVmemmapPmdDestructor
    let isWhole = guilty.contains { $0.function == .freePmdTable && $0.fixes.contains(fix) }
    guard isWhole else { return }
    shares = shares.mapValues { shares in
      shares.compactMap { share in
        guard share.function == .removePudMapping, share.fixes.contains(fix) else { return share }
        var rest = share
        rest.fixes.remove(fix)
        return rest.fixes.isEmpty ? nil : rest
      }
    }
  }

  /// Definitions that only the subject has cannot be exchanged. If all causes use such a helper, and no
  /// correct function does, the helper is the cause.
  mutating func blameHelpers(of substitution: Substitution) {
    let causes = Set(guilty.filter { $0.fixes.isEmpty }.compactMap(\.function))
    guard causes.count > 1, guilty.allSatisfy(\.fixes.isEmpty) else { return }
    let used = causes.map { Set(substitution.privateNames(usedBy: $0.name)) }
    var common = used.dropFirst().reduce(used[0]) { $0.intersection($1) }
    for right in substitution.suspects.compactMap(\.function) where !causes.contains(right) {
      common.subtract(substitution.privateNames(usedBy: right.name))
    }
    guard let helper = substitution.innermost(of: common) else { return }
    let share = Evidence.Share(name: helper, function: nil)
    shares = shares.mapValues { $0.isEmpty ? [] : [share] }
  }
}
