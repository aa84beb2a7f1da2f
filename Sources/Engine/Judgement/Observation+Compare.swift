// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The result of the comparison of two observations of one case.
public struct ComparisonResult: Hashable, Sendable, Codable {
  /// Nil when the sides behave the same under the equivalence rules.
  public var difference: Difference?
  /// The equivalence rules that were needed, in order.
  public var rules: [EquivalenceRule]
  /// The operation in which the sides diverge; nil when only the end state differs.
  public var operation: Int?
  /// The upstream bugs that the subject does not have, if they explain the whole difference.
  public var mends: [Mend]

  public init(
    difference: Difference?, rules: [EquivalenceRule], operation: Int? = nil, mends: [Mend] = []
  ) {
    self.difference = difference
    self.rules = rules
    self.operation = operation
    self.mends = mends
  }
}

extension ComparisonResult {
  /// The function in whose call the sides diverge: the last one where only the end state differs; nil for a
  /// case without calls, which shows state that the subject kept from an earlier case.
  public func differingFunction(of operations: [KernelFunction]) -> KernelFunction? {
    guard let operation, operation < operations.count else { return operations.last }
    return operations[operation]
  }
}

extension Observation {
  /// Compares this observation with that of the reference side.
  ///
  /// The trace comes first, because it shows *when* the sides diverge. An ending, a table or a counter only
  /// shows that they did.
  ///
  /// A flush beyond those of the port is harmless, because the port does all necessary flushes. Of two
  /// subjects, either may lack a flush, so `toleratesExtraFlush` is false for them.
  public func compared(
    to reference: Observation, toleratesExtraFlush: Bool = true
  ) -> ComparisonResult {
    var rules = EquivalenceRule.rules(for: spellings.symmetricDifference(reference.spellings))
    let trace = TraceAlignment(
      subject: events, reference: reference.events, toleratesExtraFlush: toleratesExtraFlush)
    if !trace.skippedFlushes.isEmpty { rules.append(.extraFlush) }
    if !trace.leftFlushes.isEmpty { rules.append(.doubledFlush) }
    if trace.flushesByRange { rules.append(.wholeRangeFlush) }
    rules.sort()
    let difference =
      trace.firstDifference.map { self.difference($0, from: reference) }
      ?? stateDifference(from: reference)
    return ComparisonResult(
      difference: difference, rules: rules, operation: difference.flatMap(operation(of:)))
  }

  /// A difference that `compared` found, behind what both sides do of folded events that begin alike.
  ///
  /// Neighbouring clears are one event. Where only one side flushes between two of them, the first events that
  /// differ are clears from the same slot; what a reader has to see is the flush.
  package func unfolded(
    _ difference: Difference, from reference: Observation, toleratesExtraFlush: Bool = true
  ) -> Difference {
    rest(of: difference, from: reference, toleratesExtraFlush)?.difference ?? difference
  }

  /// The same as a sentence tells it: with the fault if a trace only stops because of one.
  package func told(
    _ difference: Difference, from reference: Observation, toleratesExtraFlush: Bool = true
  ) -> Difference {
    rest(of: difference, from: reference, toleratesExtraFlush).map {
      self.difference($0, from: reference)
    } ?? difference
  }

  /// The point of a difference between two traces, unfolded; nil if it is of another kind.
  private func rest(
    of difference: Difference, from reference: Observation, _ toleratesExtraFlush: Bool
  ) -> TraceAlignment.Parting? {
    guard case .event = difference else { return nil }
    let trace = TraceAlignment(
      subject: events, reference: reference.events, toleratesExtraFlush: toleratesExtraFlush)
    return trace.firstDifference?.difference == difference ? trace.unfoldedDifference : nil
  }

  /// If a trace only stops because of a fault, this is the fault.
  private func difference(
    _ parting: TraceAlignment.Parting, from reference: Observation
  ) -> Difference {
    endingsDiffer(reference) && parting.isEnd
      ? .ending(subject: ending, reference: reference.ending) : parting.difference
  }

  private func operation(of difference: Difference) -> Int? {
    switch difference {
    case .ending(let subject, let reference):
      Int(EndingKind(rawValue: subject.kind) == .finished ? reference.operation : subject.operation)
    case .event(let index, _, _, _):
      events[..<index].count { $0.kind == EventKind.returned.rawValue }
    default: nil
    }
  }

  private func endingsDiffer(_ reference: Observation) -> Bool {
    // The compiler may skip reads, so the first slot that a walk reads beyond a table can vary. Compare the
    // table of an overrun, not its slot.
    ending.kind != reference.ending.kind || ending.operation != reference.ending.operation
      || ending.table != reference.ending.table
  }

  private func stateDifference(from reference: Observation) -> Difference? {
    if endingsDiffer(reference) {
      return .ending(subject: ending, reference: reference.ending)
    }
    return tableDifference(from: reference) ?? lifeDifference(from: reference)
      ?? counterDifference(from: reference)
  }

  private func tableDifference(from reference: Observation) -> Difference? {
    for table in 0..<max(tables.count, reference.tables.count) {
      let mine = table < tables.count ? tables[table] : nil
      let theirs = table < reference.tables.count ? reference.tables[table] : nil
      guard mine != theirs else { continue }
      for slot in 0..<max(mine?.count ?? 0, theirs?.count ?? 0) {
        let word = mine.flatMap { slot < $0.count ? $0[slot] : nil }
        let other = theirs.flatMap { slot < $0.count ? $0[slot] : nil }
        if word != other {
          return .entry(table: table, slot: slot, subject: word, reference: other)
        }
      }
    }
    return nil
  }

  private func lifeDifference(from reference: Observation) -> Difference? {
    for table in 0..<max(lives.count, reference.lives.count) {
      let mine = table < lives.count ? lives[table] : nil
      let theirs = table < reference.lives.count ? reference.lives[table] : nil
      if mine != theirs { return .life(table: table, subject: mine, reference: theirs) }
    }
    return nil
  }

  private func counterDifference(from reference: Observation) -> Difference? {
    if maxPFN != reference.maxPFN {
      return .global(name: "max_pfn", subject: maxPFN, reference: reference.maxPFN)
    }
    if maxLowPFN != reference.maxLowPFN {
      return .global(name: "max_low_pfn", subject: maxLowPFN, reference: reference.maxLowPFN)
    }
    for (index, pair) in zip(altmapAllocs, reference.altmapAllocs).enumerated()
    where pair.0 != pair.1 {
      return .altmap(number: index + 1, subject: pair.0, reference: pair.1)
    }
    for (index, pair) in zip(altmapAligns, reference.altmapAligns).enumerated()
    where pair.0 != pair.1 {
      return .global(
        name: "align of altmap \(index + 1)", subject: pair.0, reference: pair.1)
    }
    return sectionDifference(from: reference)
  }

  private func sectionDifference(from reference: Observation) -> Difference? {
    let numbers = Set(sections.map(\.number)).union(reference.sections.map(\.number))
    for number in numbers.sorted() {
      let mine = sections.first { $0.number == number }
      let theirs = reference.sections.first { $0.number == number }
      if mine != theirs {
        return .global(
          name: "sub-sections of section \(number)", subject: mine?.subsections ?? 0,
          reference: theirs?.subsections ?? 0)
      }
    }
    return nil
  }
}
