// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// The differing cases of a run that experiments use: a few of each kind, the smallest.
struct CaseSample: Sendable {
  /// A case for experiments.
  struct Case: Sendable {
    var place: Int
    var entry: CaseList.Entry
    /// All functions that its calls reach.
    var reach: Set<KernelFunction>
    /// Whether the subject needed as much time for it as for thousands of others.
    var isSlow: Bool
  }

  /// Cases that probably differ for the same reason.
  private struct Kind: Hashable {
    var operations: [KernelFunction]
    var mode: String
    var signatures: [String?]
  }

  private static let casesOfAKind = 2
  private static let mostCases = 600
  /// Slow cases of a run, no two of them with the same calls.
  private static let mostSlowCases = 6

  /// The places of all cases, by kind; the cases for experiments come first.
  private let kinds: [Kind: [Int]]
  private let chosen: [Case]

  init(_ findings: [CaseFinding], cases: CaseList) {
    var kinds: [Kind: [CaseFinding]] = [:]
    for finding in findings {
      let kind = Kind(
        operations: finding.operations, mode: finding.mode,
        signatures: UpstreamFixes.allSets.map { finding.difference(from: $0)?.signature })
      kinds[kind, default: []].append(finding)
    }
    let sorted = kinds.mapValues { members in
      members.sorted { $0.size == $1.size ? $0.place < $1.place : $0.size < $1.size }
    }
    self.kinds = sorted.mapValues { $0.map(\.place) }
    // A slow case costs as much as thousands of others, and one of a kind shows as much as several.
    let ranked = sorted.values.flatMap { members in
      members.prefix(members[0].isSlow ? 1 : Self.casesOfAKind).enumerated()
    }
    // Take a case of every kind before a second case of any.
    let taken = ranked.sorted { left, right in
      if left.offset != right.offset { return left.offset < right.offset }
      let (one, other) = (left.element, right.element)
      return one.size == other.size ? one.place < other.place : one.size < other.size
    }.map(\.element)
    var called: Set<[KernelFunction]> = []
    let slow = taken.filter { $0.isSlow && called.insert($0.operations).inserted }
      .prefix(Self.mostSlowCases).map(\.place)
    chosen = taken.filter { !$0.isSlow || slow.contains($0.place) }.prefix(Self.mostCases)
      .sorted { $0.place < $1.place }
      .map { finding in
        Case(
          place: finding.place, entry: cases.entries[finding.place],
          reach: Self.reach(of: finding.operations), isSlow: finding.isSlow)
      }
  }

  /// All functions that the calls reach. The core frees the memmap of memory that it could not add.
  private static func reach(of operations: [KernelFunction]) -> Set<KernelFunction> {
    let reach = Set(operations.flatMap(\.reach))
    return reach.contains(.vmemmapPopulate) ? reach.union(KernelFunction.vmemmapFree.reach) : reach
  }

  /// The index widths of the cases, the real one first.
  var widths: [UInt64] { Set(chosen.map(\.entry.scenario.indexBits)).sorted(by: >) }

  /// The cases of a width: all at the first width, then only those whose functions have no cause yet.
  func open(at width: UInt64, shown found: Experiments) -> [Case] {
    let causes = Set(found.guilty.compactMap(\.function))
    let isGeneral = found.guilty.contains { $0.function == nil }
    return chosen.filter { one in
      guard one.entry.scenario.indexBits == width else { return false }
      return width == widths.first || !(isGeneral || !causes.isDisjoint(with: one.reach))
    }
  }

  /// The functions that differ when they are called alone, though nothing that they call does.
  static func innermost(of cases: [Case]) -> Set<KernelFunction> {
    let differing = Set(
      cases.compactMap { one -> KernelFunction? in
        let called = Set(one.entry.scenario.operations.map(\.function))
        return called.count == 1 ? called.first : nil
      })
    return differing.filter { function in
      differing.isDisjoint(with: function.reach.subtracting([function]))
    }
  }

  /// Extends the results of the cases that ran to all cases of their kinds.
  func all(_ shares: [Int: [Evidence.Share]]) -> [Int: [Evidence.Share]] {
    var all = shares
    for places in kinds.values {
      let shown = places.flatMap { shares[$0] ?? [] }
      for place in places where shares[place] == nil && !shown.isEmpty {
        all[place] = Experiments.inOrder(shown)
      }
    }
    return all
  }
}

extension CaseFinding {
  /// Whether the case took as long as thousands of others. To run all such cases again would take too long.
  var isSlow: Bool {
    comparisons.values.contains { result in
      guard case .ending(let ending, _)? = result.difference else { return false }
      return ending.isSlow || ending.kind == EndingKind.workerDied.rawValue
    }
  }
}
