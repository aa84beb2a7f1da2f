// SPDX-License-Identifier: GPL-2.0-only

import Execution
import HotplugPort
import MachineModel
import Oracle
import PageTables

/// What a side that is run on a kernel's own state did by the end of each call of a case, the first that does
/// not come back included.
public typealias ModelSide = (MachineImage) -> [Observation]

/// What the model says of each step of a case, before the kernel's word is looked at.
struct CasePrediction {
  /// The kernel's state before the first step.
  let lifted: LiftedKernel
  /// As many as the model goes on for.
  private(set) var steps: [PredictedStep] = []

  private let confirmCase: ConfirmCase
  private let layout: AddressLayout
  private let side: ModelSide
  private var image: MachineImage
  /// Regions that are added.
  private var added: Set<Int> = []
  /// The first number of each region's altmaps.
  private var firstAltmaps: [Int: UInt32] = [:]
  /// Events before the present step.
  private var eventCount = 0
  /// After the latest call.
  private var latest: Observation?

  /// Runs the model on a recorded kernel's first state, through the steps that the kernel did.
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

  /// Nil when the model itself does not go on: nothing can be said of what follows.
  private mutating func predict(_ step: ConfirmCase.Step) -> PredictedStep? {
    guard confirmCase.regions.indices.contains(step.region) else { return nil }
    var predicted = PredictedStep(step: step, firstCall: image.operations.count)
    let turns: [ConfirmCase.Action] =
      step.action == .cycle
      ? Array(repeating: [.add, .remove], count: max(1, step.times ?? 1)).flatMap { $0 }
      : [step.action]
    for turn in turns {
      if turn == .remove, isMemmapLost(of: step.region) {
        predicted.outcome = .stopped
        return predicted
      }
      predicted.outcome = run(turn, step.region, &predicted)
      if predicted.outcome == .stopped { return predicted }
    }
    if predicted.observations.isEmpty { observe(&predicted) }
    if let last = predicted.observations.last {
      predicted.events = Array(last.events.dropFirst(eventCount))
      eventCount = last.events.count
    }
    return predicted
  }

  private mutating func run(
    _ turn: ConfirmCase.Action, _ region: Int, _ predicted: inout PredictedStep
  ) -> KernelOutcome {
    // A driver that is not bound has nothing to remove.
    if turn == .remove, !added.contains(region) { return .refused }
    if turn == .add, added.contains(region) { return .refused }
    let function: SurfaceFunction = turn == .add ? .archAddMemory : .archRemoveMemory
    let calls = DriverArithmetic(driver: confirmCase.driver, region: confirmCase.regions[region])
      .calls
    for (number, call) in calls.enumerated() {
      image.operations.append(operation(function, call, number: number, region: region))
      observe(&predicted)
      guard let last = predicted.observations.last,
        last.ending.kind == EndingKind.finished.rawValue
      else { return .stopped }
      let returned = last.events.last { $0.kind == EventKind.returned.rawValue }
      if turn == .add, let returned, returned.b != 0 { return .refused }
    }
    if turn == .add { added.insert(region) } else { added.remove(region) }
    return .done
  }

  private mutating func operation(
    _ function: SurfaceFunction, _ call: HotplugCall, number: Int, region: Int
  ) -> Operation {
    var operation = Operation(function)
    operation.start = call.start
    operation.end = call.size
    operation.pgmap = call.pagesShift == nil ? 0 : 1
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

  /// Whether a page of an added region's memmap is mapped no more: the kernel reads it as soon as the region
  /// is to go, and stops.
  private func isMemmapLost(of region: Int) -> Bool {
    guard added.contains(region), let latest else { return false }
    let memmap = RegionAddresses(confirmCase.regions[region], layout: layout).memmap
    let leaves = PageTableWalk(latest.tables, layout: layout).entries.filter { $0.kind == .leaf }
    var mapped: UInt64 = 0
    for leaf in leaves {
      let first = max(leaf.address, memmap.lowerBound)
      let end = min(leaf.address &+ layout.size(of: leaf.level), memmap.upperBound)
      if first < end { mapped += end - first }
    }
    return mapped < memmap.upperBound - memmap.lowerBound
  }
}

/// What the model says of a step.
struct PredictedStep {
  let step: ConfirmCase.Step
  /// The place of the step's first call among those of the case.
  let firstCall: Int
  /// How it ends.
  var outcome = KernelOutcome.done
  /// Call by call; of a step without calls, the state that it leaves alone.
  var observations: [Observation] = []
  /// Of the step alone.
  var events: [Event] = []
  /// The rules that its calls break.
  var violations: [Violation] = []

  init(step: ConfirmCase.Step, firstCall: Int) {
    self.step = step
    self.firstCall = firstCall
  }
}
