// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// Judges whether a running kernel behaved in a case as the model predicts.
struct CaseJudge {
  let recording: KernelRecording
  let layout: AddressLayout
  let bits: EntryBits
  private let prediction: CasePrediction
  private var bindings = PageBindings()
  /// The sections before the present step.
  private var sections: [SectionState]
  private var judged: ConfirmedCase

  /// The case, compared with the port with all upstream fixes. If they disagree, a smaller set of fixes that
  /// agrees is searched for.
  ///
  /// - Returns: the case without its time. A case whose recording names no known mode is skipped.
  static func judge(_ recording: KernelRecording) -> ConfirmedCase {
    var judged = judge(recording, fixes: .latest)
    guard judged.status == .disagrees else { return judged }
    let subsets = (0..<UpstreamFixes.latest.rawValue).reversed().map {
      UpstreamFixes(rawValue: $0)
    }
    let agreeing = subsets.filter { judge(recording, fixes: $0).status == .agrees }
    // The largest set has the fewest missing fixes.
    let nearest = agreeing.max { $0.rawValue.nonzeroBitCount < $1.rawValue.nonzeroBitCount }
    judged.missingFixes =
      nearest.map { UpstreamFixes.latest.subtracting($0).descriptions.map(\.commit) } ?? []
    return judged
  }

  /// The case, compared with the port with a set of upstream fixes.
  static func judge(_ recording: KernelRecording, fixes: UpstreamFixes) -> ConfirmedCase {
    let options = KernelRelease(recording.release)?.options ?? .standard
    let port = HotplugPort(fixes: fixes, options: options)
    return judge(recording) { port.steps($0) }
  }

  /// The case, compared with any side.
  static func judge(
    _ recording: KernelRecording, side: @escaping ModelSide
  ) -> ConfirmedCase {
    let architecture = Architecture.riscv
    guard let mode = architecture.mode(named: recording.mode) else {
      return ConfirmedCase(
        confirmCase: recording.confirmCase, mode: recording.mode,
        status: .skipped("there is no paging mode \(recording.mode)"), seconds: 0)
    }
    // A recording may be untrusted.
    if let flaw = recording.flaw {
      return ConfirmedCase(
        confirmCase: recording.confirmCase, mode: recording.mode, status: .skipped(flaw),
        seconds: 0)
    }
    let layout = AddressLayout(mode: mode, vmemmapStartPFN: recording.vmemmapStartPFN)
    var judge = CaseJudge(recording, layout: layout, bits: architecture.entryBits, side: side)
    judge.run()
    return judge.judged
  }

  private init(
    _ recording: KernelRecording, layout: AddressLayout, bits: EntryBits, side: @escaping ModelSide
  ) {
    self.recording = recording
    self.layout = layout
    self.bits = bits
    prediction = CasePrediction(recording, layout: layout, bits: bits, side: side)
    sections = prediction.lifted.image.sections
    judged = ConfirmedCase(
      confirmCase: recording.confirmCase, mode: recording.mode, status: .agrees, seconds: 0)
  }

  private var aspects: Set<ConfirmCase.Aspect> { Set(recording.confirmCase.compare) }

  private mutating func run() {
    bindings = boot()
    var before = recording.start
    for (number, recorded) in recording.steps.enumerated() {
      guard number < prediction.steps.count else {
        disagree(
          recorded.step, .outcome, "the step", "nothing: it had already stopped",
          recorded.outcome.rawValue)
        break
      }
      let predicted = prediction.steps[number]
      compare(predicted, recorded, before)
      guard let after = recorded.after, predicted.outcome != .stopped else { break }
      before = after
    }
    if judged.steps.isEmpty { judged.status = .skipped("the kernel did none of its steps") }
    if !judged.disagreements.isEmpty { judged.status = .disagrees }
    if prediction.hasNoRoom {
      judged.status = .skipped("the model has room for at most \(Pool.guardedTables) tables")
    }
  }

  /// The model's tables at boot are the kernel's own, so these pairs are known; the comparison finds the
  /// others.
  private func boot() -> PageBindings {
    var bindings = PageBindings()
    for (number, pfn) in prediction.lifted.kernelPFNs.enumerated() {
      _ = bindings.bind(model: Pool.pfn(ofTable: number, in: layout), kernel: pfn)
    }
    return bindings
  }

  private mutating func compare(
    _ predicted: PredictedStep, _ recorded: RecordedStep, _ before: KernelState
  ) {
    let step = recorded.step
    let known = judged.disagreements.count
    var counts = JudgedStep(title: step.title, leaves: 0, tables: 0, events: 0)
    if aspects.contains(.outcome) { compareOutcome(predicted, recorded) }
    var events: EventComparison?
    if let after = recorded.after, let observation = predicted.observations.last,
      predicted.outcome != .stopped
    {
      let windows = TableCapture(of: recording.confirmCase, layout: layout).windows
      let tables = TableComparison(
        observation: observation, kernel: after.tables, before: bindings, windows: windows,
        layout: layout, bits: bits)
      if aspects.contains(.tables) { note(tables, step) }
      (counts.leaves, counts.tables) = (tables.leaves, tables.tables)
      if aspects.contains(.pages) { comparePages(observation, after, tables.bindings, step) }
      if aspects.contains(.globals) {
        compareNumbers(
          step, .globals, "max_pfn", hex(observation.maxPFN), hex(after.maxPFN))
        compareNumbers(
          step, .globals, "max_low_pfn", hex(observation.maxLowPFN), hex(after.maxLowPFN))
      }
      if aspects.contains(.counters) { compareCounters(predicted, before, after) }
      if aspects.contains(.events), step.action != .cycle {
        let comparison = EventComparison(
          model: predicted.events, kernel: recorded.events, before: bindings,
          after: tables.bindings)
        events = comparison
        counts.events = comparison.kernel.count
        if let (place, model, kernel) = comparison.difference {
          disagree(step, .events, place, model, kernel)
        }
      }
      bindings = tables.bindings
      sections = observation.sections
    }
    judged.steps.append(counts)
    let isSameInTables = !judged.disagreements[known...].contains { $0.aspect == .tables }
    noteHazards(predicted, recorded, before, events, isSameInTables: isSameInTables)
  }

  private mutating func note(_ tables: TableComparison, _ step: ConfirmCase.Step) {
    for (place, model, kernel) in tables.differences {
      disagree(step, .tables, place, model, kernel)
    }
    if tables.more > 0 {
      disagree(
        step, .tables, "\(tables.more) more entries", "what the port makes", "something else")
    }
  }

  private mutating func comparePages(
    _ observation: Observation, _ after: KernelState, _ bindings: PageBindings,
    _ step: ConfirmCase.Step
  ) {
    let kernel = Dictionary(
      after.tables.map { ($0.pfn, $0) }, uniquingKeysWith: { first, _ in first })
    for (number, life) in observation.lives.enumerated() where life.live == 1 {
      let model = Pool.pfn(ofTable: number, in: layout)
      guard let pfn = bindings.kernel(ofModel: model), let table = kernel[pfn] else { continue }
      let place = "the page of the \(table.level.name) table in page frame \(hex(pfn))"
      if let isConstructed = table.isConstructed {
        compareNumbers(
          step, .pages, place, life.constructed == 1 ? "constructed" : "not constructed",
          isConstructed ? "constructed" : "not constructed")
      }
      if let isReserved = table.isReserved {
        compareNumbers(
          step, .pages, place,
          life.owner == PageOwner.reserved.rawValue ? "reserved" : "not reserved",
          isReserved ? "reserved" : "not reserved")
      }
    }
  }

  private mutating func compareNumbers(
    _ step: ConfirmCase.Step, _ aspect: ConfirmCase.Aspect, _ place: String, _ model: String,
    _ kernel: String
  ) {
    if model != kernel { disagree(step, aspect, place, model, kernel) }
  }

  /// The tolerance for `nr_page_table_pages` in a step. From 6.16 on, the kernel's own tables have
  /// constructors, including those of vmalloc, which come and go for unrelated reasons.
  private var counterSlack: UInt64 {
    let release = KernelRelease(recording.release)
    return release.map { $0 >= KernelRelease(6, 16) } == true ? 2 : 0
  }

  private mutating func compareCounters(
    _ predicted: PredictedStep, _ before: KernelState, _ after: KernelState
  ) {
    let balance = predicted.pageTableBalance
    let (seen, isOverflow) = after.pageTablePages.subtractingReportingOverflow(
      before.pageTablePages)
    if isOverflow || (seen &- balance).magnitude > counterSlack {
      disagree(predicted.step, .counters, "nr_page_table_pages", signed(balance), signed(seen))
    }
    if let old = before.memmapPages, let new = after.memmapPages {
      compareNumbers(
        predicted.step, .counters, "nr_memmap_pages",
        signed(predicted.memmapBalance(from: sections, sharedShift: sharedShift)),
        signed(new &- old)
      )
    }
  }

  /// See `HotplugCall.sharedShift`; all regions of a case have one driver.
  private var sharedShift: UInt64? {
    recording.confirmCase.regions.first.flatMap { region in
      DriverArithmetic(driver: recording.confirmCase.driver, region: region).calls.first?
        .sharedShift
    }
  }

  private mutating func noteHazards(
    _ predicted: PredictedStep, _ recorded: RecordedStep, _ before: KernelState,
    _ events: EventComparison?, isSameInTables: Bool
  ) {
    let witness = HazardWitness(
      predicted: predicted, recorded: recorded, before: before, events: events,
      isSameInTables: isSameInTables,
      later: recording.steps.drop { $0 != recorded }.dropFirst())
    // A hazard that was seen once need not be seen again; a step without a trace shows less than others.
    let seen = Set(judged.hazards.map(\.id))
    judged.hazards += witness.hazards.filter { $0.seen != nil || !seen.contains($0.id) }
  }

  private mutating func disagree(
    _ step: ConfirmCase.Step, _ aspect: ConfirmCase.Aspect, _ place: String, _ model: String,
    _ kernel: String
  ) {
    judged.disagreements.append(
      Disagreement(
        step: step.title, aspect: aspect, place: place, model: model, kernel: kernel))
  }

  private mutating func compareOutcome(_ predicted: PredictedStep, _ recorded: RecordedStep) {
    compareNumbers(
      recorded.step, .outcome, "the step", predicted.outcome.sentence, recorded.outcome.sentence)
    guard predicted.outcome != .stopped, recorded.outcome != .stopped else { return }
    let warning = KernelMessages(recorded.messages).warning
    let expected = predicted.expectedWarning
    switch (expected, warning) {
    case (nil, let seen?):
      disagree(recorded.step, .outcome, "the kernel's messages", "no warning", seen)
    case (let wanted?, nil):
      disagree(recorded.step, .outcome, "the kernel's messages", wanted, "no warning")
    default: break
    }
  }
}

/// A number with its sign.
func signed(_ number: Int64) -> String { number > 0 ? "+\(number)" : "\(number)" }

extension KernelOutcome {
  /// The outcome in words.
  var sentence: String {
    switch self {
    case .done: "completes"
    case .refused: "is refused"
    case .stopped: "stops the kernel"
    }
  }
}
