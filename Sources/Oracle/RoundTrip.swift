// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The balance of a sequence of adds and removals. In any order, once all added memory is removed again,
/// the machine is in the state before the first add.
struct RoundTrip {
  /// The state before the first add that is still open.
  private var first: MachineState?
  /// Physical ranges that were added and not yet removed; they do not overlap.
  private var open: [Range<UInt64>] = []

  /// Enters a call that returned. Returns a violation if the call completes the sequence and the state
  /// differs.
  mutating func enter(
    _ step: JudgedCall, _ changes: TranslationChanges, broken: [Violation]
  ) -> Violation? {
    // A hazard removes or leaves memory of others, so the state is out of balance from then on.
    let hazards: Set<Hazard.ID?> = [.h1, .h10, .h11]
    if step.image.hasLiveCore,
      broken.contains(where: {
        // A leaf larger than the added range removes nothing yet.
        hazards.contains($0.hazard) && !(step.hasAdded && $0.hazard == .h1)
      })
    {
      close()
      return nil
    }
    switch step.function.purpose {
    case .answers: return nil
    // Leaves of a fixed size may map more than the range.
    case .maps where step.function.hasPhysicalRange && step.operation.blockSize == 0:
      add(step, changes)
      return nil
    case .addsMemory:
      guard step.hasAdded else {
        // A failed add leaves nothing, unless it removes existing translations (`outsideChanged`).
        if !changes.gone.isEmpty { close() }
        return nil
      }
      add(step, changes)
      return nil
    case .unmaps where step.function.hasPhysicalRange, .removesMemory:
      guard let first, remove(step) else {
        close()
        return nil
      }
      guard open.isEmpty else { return nil }
      close()
      return difference(from: first, in: step)
    default:
      close()
      return nil
    }
  }

  private mutating func close() {
    first = nil
    open = []
  }

  /// Opens a range if nothing was mapped in it.
  private mutating func add(_ step: JudgedCall, _ changes: TranslationChanges) {
    let range = physicalRange(of: step)
    guard let creation = step.creation, let range, changes.gone.isEmpty,
      !open.contains(where: range.overlaps),
      !step.before.translations.leaves.contains(where: creation.range.touches)
    else { return close() }
    if first == nil { first = step.before }
    open.append(range)
  }

  /// Removes a range from the open ones; false if a part of it is in none.
  private mutating func remove(_ step: JudgedCall) -> Bool {
    guard let range = physicalRange(of: step) else { return false }
    var rest = UInt64(range.count)
    var left: [Range<UInt64>] = []
    for one in open {
      let common = one.clamped(to: range)
      rest -= UInt64(common.count)
      left.append(one.lowerBound..<max(one.lowerBound, min(one.upperBound, range.lowerBound)))
      left.append(min(one.upperBound, max(one.lowerBound, range.upperBound))..<one.upperBound)
    }
    open = left.filter { !$0.isEmpty }
    return rest == 0
  }

  /// The range in whole pages, no larger than the root's span; nil for a range that nobody adds.
  private func physicalRange(of step: JudgedCall) -> Range<UInt64>? {
    let start = step.operation.start
    var size = step.operation.end
    if step.function.takes(.end) { size = size > start ? size - start : 0 }
    guard size > 0, size <= step.span.size, (start | size) % AddressLayout.pageSize == 0,
      start <= UInt64.max - size
    else { return nil }
    return start..<(start + size)
  }

  private func difference(from first: MachineState, in step: JudgedCall) -> Violation? {
    let all = first.translations.changes(to: step.after.translations)
    if let leaf = all.gone.first ?? all.new.first {
      return step.violation(
        .roundTrip,
        .leaf(
          address: leaf.address, level: leaf.level,
          pfn: Architecture.riscv.entryBits.pfn(of: leaf.word), isPartial: false))
    }
    for table in step.after.lives.indices where step.after.isLive(table) {
      let isNew = table >= first.lives.count
      if isNew, step.after.translations.isBacking(table) { continue }
      // Tables below the root stay, because other roots point to them.
      if isNew, !step.after.translations.isBelowRoot(table) {
        return step.violation(.roundTrip, .table(table, level: nil))
      }
      if let slot = changedSlot(of: table, isNew ? nil : first.tables[table], step.after) {
        return step.violation(
          .roundTrip, .entry(table: table, slot: slot, word: step.after.tables[table][slot]))
      }
    }
    guard first.sections == step.after.sections else {
      return step.violation(
        .roundTrip, .call("the present sections are not those from before the adds"))
    }
    return nil
  }

  /// A slot whose word differs from the one before. Pointers to tables may differ, because empty tables
  /// may have been freed.
  private func changedSlot(of table: Int, _ before: [UInt64]?, _ after: MachineState) -> Int? {
    let bits = Architecture.riscv.entryBits
    return after.tables[table].indices.first { slot in
      let new = after.tables[table][slot]
      let old = before.map { slot < $0.count ? $0[slot] : 0 } ?? 0
      return new != old && !((new == 0 || bits.isTable(new)) && (old == 0 || bits.isTable(old)))
    }
  }
}
