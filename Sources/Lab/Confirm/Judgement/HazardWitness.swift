// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// The kernel's evidence for each hazard that the model predicts for a step.
///
/// The effects of a hazard on tables, counters, globals and order are compared elsewhere; a kernel without
/// them disagrees there. This type puts the kernel's own evidence beside the prediction.
struct HazardWitness {
  let predicted: PredictedStep
  let recorded: RecordedStep
  let before: KernelState
  let events: EventComparison?
  /// Whether the kernel's tables after the step agree with the model.
  let isSameInTables: Bool
  /// The steps after this one.
  let later: ArraySlice<RecordedStep>

  /// Each predicted hazard once.
  var hazards: [SeenHazard] {
    var seen: Set<Hazard.ID> = []
    // An entry that is cleared too late leaves no trace on a kernel; a flush that comes too late does.
    let visible = predicted.violations.filter { $0.rule != .freedWhileLinked }
    let violations = visible + predicted.violations.filter { $0.rule == .freedWhileLinked }
    return violations.compactMap { violation in
      guard let id = violation.hazard, seen.insert(id).inserted else { return nil }
      let (sentence, lines) = witness(id)
      return SeenHazard(
        id: id, step: predicted.step.title, predicted: violation.sentence, seen: sentence,
        lines: lines)
    }
  }

  private func witness(_ id: Hazard.ID) -> (String?, [String]) {
    switch id {
    case .h1: partOfSection
    case .h2: falls
    case .h3: maxPFN
    case .h8: (order, [])
    case .h9: rises
    case .h11: leftovers
    case .h4, .h5, .h6, .h7, .h10: (nil, [])
    }
  }

  private var partOfSection: (String?, [String]) {
    guard isSameInTables else { return (nil, []) }
    guard let stop = later.first(where: { $0.outcome == .stopped }) else {
      return ("the neighbour's memmap is gone from the kernel's tables", [])
    }
    return (
      "the neighbour's memmap is gone from the kernel's tables, and \(stop.step.title) stops the kernel",
      KernelMessages(stop.messages).telling
    )
  }

  private var counterLines: [String] {
    KernelMessages(recorded.messages).telling.filter { $0.contains("nr_page_table_pages") }
  }

  private var falls: (String?, [String]) {
    guard let after = recorded.after, after.pageTablePages < before.pageTablePages else {
      return (nil, [])
    }
    return (counter(after), counterLines)
  }

  private var rises: (String?, [String]) {
    guard let after = recorded.after, after.pageTablePages > before.pageTablePages else {
      return (nil, [])
    }
    return (counter(after), counterLines)
  }

  private func counter(_ after: KernelState) -> String {
    "nr_page_table_pages goes from \(before.pageTablePages) to \(after.pageTablePages)"
  }

  private var maxPFN: (String?, [String]) {
    guard let after = recorded.after, after.maxPFN < before.maxPFN else { return (nil, []) }
    return ("max_pfn falls from \(hex(before.maxPFN)) to \(hex(after.maxPFN))", [])
  }

  private var order: String? {
    events?.freedBeforeFlush.map { "page frame \(hex($0)) is freed, and the flush comes after it" }
  }

  private var leftovers: (String?, [String]) {
    guard isSameInTables, recorded.outcome == .refused else { return (nil, []) }
    return (
      "the add is refused, and its memmap stays in the kernel's tables",
      KernelMessages(recorded.messages).telling
    )
  }
}
