// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// The observations of a side that runs on a kernel's own state: one at the end of each call of a case, up to
/// and including the first that does not return.
typealias ModelSide = (MachineImage) -> [Observation]

/// The model's prediction for each step of a case, made without the kernel's results.
struct CasePrediction {
  /// The kernel's state before the first step.
  let lifted: LiftedKernel
  /// Whether the model ran out of its own memory for tables; then its prediction is not valid for any kernel.
  var hasNoRoom: Bool { (latest?.tables.count ?? 0) >= Pool.guardedTables }
  /// The predicted steps, as far as the model continues.
  private(set) var steps: [PredictedStep] = []

  private let confirmCase: ConfirmCase
  private let layout: AddressLayout
  private let side: ModelSide
  private var image: MachineImage
  /// The regions that are added.
  private var added: Set<Int> = []
  /// The number of each region's first altmap.
  private var firstAltmaps: [Int: UInt32] = [:]
  /// The number of events before the present step.
  private var eventCount = 0
  /// The observation after the latest call.
  private var latest: Observation?

  /// Runs the model on a recorded kernel's first state, through the kernel's steps.
  init(
    _ recording: KernelRecording, layout: AddressLayout, bits: EntryBits, side: @escaping ModelSide
  ) {
    lifted = LiftedKernel(recording, layout: layout, bits: bits)
    confirmCase = recording.confirmCase
    self.layout = layout
    self.side = side
    image = lifted.image
    for recorded in recording.steps {
      guard let step = predict(recorded.step) else { break }
      steps.append(step)
      if step.outcome == .stopped { break }
    }
  }

  /// Nil when the case does not have the step's region.
  private mutating func predict(_ step: ConfirmCase.Step) -> PredictedStep? {
    guard confirmCase.regions.indices.contains(step.region) else { return nil }
    var predicted = PredictedStep(step: step, firstCall: image.operations.count)
    switch step.action {
    case .add, .remove: run(step.action, &predicted)
    case .cycle:
      // If the first turn comes to its end, so do the others; they run at once.
      for action in [ConfirmCase.Action.add, .remove] where predicted.outcome == .done {
        run(action, &predicted)
      }
      if predicted.outcome == .done { repeatCycle(max(1, step.times ?? 1) - 1, &predicted) }
    }
    if predicted.outcome == .stopped { return predicted }
    if predicted.observations.isEmpty { observe(&predicted) }
    if let last = predicted.observations.last {
      predicted.events = Array(last.events.dropFirst(eventCount))
      eventCount = last.events.count
    }
    return predicted
  }

  private mutating func run(_ action: ConfirmCase.Action, _ predicted: inout PredictedStep) {
    let region = predicted.step.region
    let isAdd = action == .add
    // A bound driver cannot be bound again, and an unbound one has nothing to remove.
    guard isAdd != added.contains(region) else {
      predicted.outcome = .refused
      return
    }
    guard isAdd || !isMemmapLost(of: region) else {
      predicted.outcome = .stopped
      return
    }
    for (number, call) in calls(of: region).enumerated() {
      let function: KernelFunction = isAdd ? .archAddMemory : .archRemoveMemory
      image.operations.append(operation(function, call, number: number, region: region))
      observe(&predicted)
      guard let latest, latest.ending.kind == EndingKind.finished.rawValue else {
        predicted.outcome = .stopped
        return
      }
      let returned = latest.events.last { $0.kind == EventKind.returned.rawValue }
      if isAdd, let returned, returned.b != 0 {
        predicted.outcome = .refused
        return
      }
    }
    if isAdd { added.insert(region) } else { added.remove(region) }
  }

  /// Repeats the calls of the step so far.
  private mutating func repeatCycle(_ times: Int, _ predicted: inout PredictedStep) {
    guard times > 0 else { return }
    let cycle = image.operations[predicted.firstCall...]
    for _ in 0..<times { image.operations += cycle }
    observe(&predicted)
    if latest?.ending.kind != EndingKind.finished.rawValue { predicted.outcome = .stopped }
  }

  private func calls(of region: Int) -> [HotplugCall] {
    DriverArithmetic(driver: confirmCase.driver, region: confirmCase.regions[region]).calls
  }

  private mutating func operation(
    _ function: KernelFunction, _ call: HotplugCall, number: Int, region: Int
  ) -> Operation {
    var operation = Operation(function)
    operation.start = call.start
    operation.end = call.size
    if let shift = call.pagesShift {
      operation.pgmap = 1
      image.pgmaps = [PgmapState(vmemmapShift: UInt8(shift))]
    }
    if function == .archAddMemory { operation.protection = Architecture.riscv.entryBits.kernel }
    if let altmap = call.altmap {
      let first = firstAltmaps[region] ?? UInt32(image.altmaps.count + 1)
      firstAltmaps[region] = first
      operation.altmap = first + UInt32(number)
      if Int(operation.altmap) > image.altmaps.count { image.altmaps.append(altmap) }
    }
    return operation
  }

  private mutating func observe(_ predicted: inout PredictedStep) {
    let all = side(image)
    let violations = Oracle.violations(image, all)
    predicted.violations = violations.filter { $0.operation >= predicted.firstCall }
    predicted.observations =
      image.operations.isEmpty ? all : Array(all.dropFirst(predicted.firstCall))
    if predicted.observations.isEmpty, let last = all.last { predicted.observations = [last] }
    latest = all.last
  }

  /// Whether a page of an added region's memmap is no longer mapped: the kernel reads it as soon as the
  /// region is to be removed, and stops.
  private func isMemmapLost(of region: Int) -> Bool {
    guard added.contains(region), let latest else { return false }
    let leaves = PageTableWalk(latest.tables, layout: layout).entries.filter { $0.kind == .leaf }
    return calls(of: region).contains { call in
      let extent = ConfirmCase.Extent(base: call.start, size: call.size)
      let memmap = RegionAddresses(extent, layout: layout).memmap
      let mapped = leaves.reduce(UInt64(0)) { sum, leaf in
        let first = max(leaf.address, memmap.lowerBound)
        let end = min(leaf.address &+ layout.size(of: leaf.level), memmap.upperBound)
        return first < end ? sum + (end - first) : sum
      }
      return mapped < memmap.upperBound - memmap.lowerBound
    }
  }
}

/// The prediction for a step.
struct PredictedStep {
  let step: ConfirmCase.Step
  /// The index of the step's first call among the calls of the case.
  let firstCall: Int
  var outcome = KernelOutcome.done
  /// The observation after each call; for a step without calls, the unchanged state.
  var observations: [Observation] = []
  /// The events of the step alone.
  var events: [Event] = []
  /// The violations by its calls.
  var violations: [Violation] = []
}
