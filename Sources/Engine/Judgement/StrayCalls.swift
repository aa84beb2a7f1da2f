// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The calls of a case that no kernel makes. Cases keep some of them, because they show mistakes in small states:
/// memory of single pages, and mappings of odd addresses. A text may warn about such a call, or stop there.
struct StrayCalls {
  /// Their numbers in the case.
  private let numbers: Set<Int>

  init(_ image: MachineImage) {
    numbers = Set(
      image.operations.indices.filter { Self.isStray(image.operations[$0], image.layout) })
  }

  var isEmpty: Bool { numbers.isEmpty }

  /// Bytes of a sub-section, in which memory is added and removed.
  private static let subsection: UInt64 = 2 << 20
  /// Bytes of the memmap of a sub-section.
  private static let memmap: UInt64 = 32 << 10

  private static func isStray(_ call: Operation, _ layout: AddressLayout) -> Bool {
    guard let function = KernelFunction(rawValue: call.function) else { return false }
    let purpose = function.purpose
    if [.unmaps, .maps, .populates].contains(purpose), function.takes(.end),
      call.start >= call.end
    {
      return true
    }
    switch purpose {
    case .addsMemory, .removesMemory: return isOdd(call)
    case .unmaps where function.hasPhysicalRange: return isOdd(call)
    case .unmaps where function.hasMemmapRange || call.isVmemmap != 0, .populates:
      return (call.start | call.end) % memmap != 0
    case .unmaps:
      let map = layout.pageOffset..<layout.pageOffset &+ layout.linearSize
      return (call.start | call.end) % subsection != 0 || !map.contains(call.start)
    case .maps where function.createdLevel != nil:
      let isLeaf = Level.allCases.contains { layout.size(of: $0) == call.blockSize }
      return !isLeaf || (call.start | call.physical) % call.blockSize != 0
    case .maps: return (call.start | call.end) % AddressLayout.pageSize != 0
    case .setsEntry: return call.physical % layout.size(of: .pmd) != 0
    case .answers where function == .bestMapSize:
      return (call.start | call.physical | call.end) % AddressLayout.pageSize != 0
    default: return false
    }
  }

  /// Whether a physical range is no whole sub-sections.
  private static func isOdd(_ call: Operation) -> Bool {
    call.end == 0 || (call.start | call.end) % subsection != 0
  }

  /// The first of them to which a subject objects: it warns there more often than the reference, or hits BUG.
  func firstObjection(of subject: Observation, besides reference: Observation) -> Int? {
    let (mine, theirs) = (Self.warnings(subject.events), Self.warnings(reference.events))
    return numbers.sorted().first { number in
      if subject.ending.kind == EndingKind.bug.rawValue, Int(subject.ending.operation) == number {
        return true
      }
      return mine[number, default: 0] > theirs[number, default: 0]
    }
  }

  /// The call in which a subject warns where the reference does something else: the core may warn there later.
  func earlyWarning(of result: ComparisonResult) -> Int? {
    guard case .event(_, _, let event?, _)? = result.difference,
      event.kind == EventKind.warn.rawValue, let call = result.operation, numbers.contains(call)
    else { return nil }
    return call
  }

  /// The number of warnings in each call.
  private static func warnings(_ events: [Event]) -> [Int: Int] {
    var warnings: [Int: Int] = [:]
    var call = 0
    for event in events {
      if event.kind == EventKind.warn.rawValue { warnings[call, default: 0] += 1 }
      if event.kind == EventKind.returned.rawValue { call += 1 }
    }
    return warnings
  }

  /// The events of the calls before one.
  static func events(_ events: [Event], before call: Int) -> [Event] {
    guard call > 0 else { return [] }
    var left = call
    for (index, event) in events.enumerated() where event.kind == EventKind.returned.rawValue {
      left -= 1
      if left == 0 { return Array(events[...index]) }
    }
    return events
  }

  /// The events without the warnings in these calls.
  func withoutWarnings(_ events: [Event]) -> [Event] {
    var call = 0
    return events.filter { event in
      if event.kind == EventKind.returned.rawValue { call += 1 }
      return event.kind != EventKind.warn.rawValue || !numbers.contains(call)
    }
  }
}

extension Observation {
  /// Compares this observation with that of the reference side in a case. In a call that no kernel makes, a
  /// subject may warn, and then do what it likes (`EquivalenceRule.strayCall`).
  func compared(to reference: Observation, in image: MachineImage) -> ComparisonResult {
    let result = compared(to: reference)
    guard result.difference != nil, mayObject else { return result }
    let stray = StrayCalls(image)
    guard
      let call = stray.firstObjection(of: self, besides: reference)
        ?? stray.earlyWarning(of: result)
    else { return result }
    var mine = self
    var theirs = reference
    mine.events = stray.withoutWarnings(events)
    theirs.events = stray.withoutWarnings(reference.events)
    var lenient = mine.compared(to: theirs)
    if lenient.difference != nil {
      // The subject may do anything after its objection. Before it, both sides have to agree.
      let trace = TraceAlignment(
        subject: StrayCalls.events(mine.events, before: call),
        reference: StrayCalls.events(theirs.events, before: call))
      guard trace.firstDifference == nil else { return result }
      lenient = ComparisonResult(difference: nil, rules: result.rules)
    }
    lenient.rules = Set(lenient.rules + [.strayCall]).sorted()
    return lenient
  }

  private var mayObject: Bool {
    ending.kind == EndingKind.bug.rawValue
      || events.contains { $0.kind == EventKind.warn.rawValue }
  }
}
