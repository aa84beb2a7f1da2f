// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port

/// A worker's answer comes from a process that a subject may control, so it can contain any number.
@Suite("A forged observation")
struct ForgedObservationTests {
  private static let numbers: [UInt64] = [
    0, 1, 511, 512, 1 << 20, 1 << 44, 1 << 52, 1 << 63, .max - 1, .max,
  ]

  /// Cases of each kind of call, with the port's observations.
  private static func cases() throws -> [(MachineImage, [Observation])] {
    let port = HotplugPort(fixes: .latest)
    let all = Catalogue.all(modes: [try #require(Architecture.riscv.mode(named: "sv48"))])
    var seen: [KernelFunction: Int] = [:]
    return try all.compactMap { scenario in
      guard let function = scenario.operations.first?.function, seen[function, default: 0] < 4
      else { return nil }
      seen[function, default: 0] += 1
      let image = try scenario.lowered()
      return (image, port.steps(image))
    }
  }

  private static func bend(_ observation: inout Observation, _ random: inout SplitMix64) {
    func number() -> UInt64 { numbers[random.place(in: numbers.count)] }
    for _ in 0..<(1 + random.place(in: 4)) {
      switch random.place(in: 8) {
      case 0 where !observation.events.isEmpty:
        let place = random.place(in: observation.events.count)
        let kinds = EventKind.allCases
        var event = Event(kinds[random.place(in: kinds.count)], a: number(), b: number())
        (event.c, event.d, event.detail) = (
          number(), number(), UInt32(truncatingIfNeeded: number())
        )
        observation.events[place] = event
      case 1: observation.events.append(Event(.free, a: number(), b: number()))
      case 2: observation.events.append(Event(.freeReserved, a: number(), c: number()))
      case 3:
        let table = random.place(in: observation.tables.count)
        observation.tables[table][random.place(in: 512)] = number()
      case 4:
        let table = random.place(in: observation.lives.count)
        observation.lives[table].live ^= 1
        observation.lives[table].constructed = .min
        observation.lives[table].level = UInt32(truncatingIfNeeded: number())
      case 5: observation.maxPFN = number()
      case 6: observation.altmapAllocs = observation.altmapAllocs.map { _ in number() }
      default: if observation.tables.count > 1 { observation.tables.removeLast() }
      }
    }
  }

  @Test("cannot crash the oracle, whatever numbers it contains", .timeLimit(.minutes(5)))
  func anyNumbers() throws {
    var random = SplitMix64(seed: 20)
    let cases = try Self.cases()
    #expect(cases.count > 60)
    for round in 0..<40 {
      for (image, steps) in cases {
        var bent = steps
        Self.bend(&bent[random.place(in: bent.count)], &random)
        let violations = Oracle.violations(image, bent)
        #expect(violations.count <= 64 * bent.count, "round \(round)")
      }
    }
  }

  @Test("is ignored if it cannot belong to its case")
  func impossible() throws {
    let (image, steps) = try #require(
      try Self.cases().first { !$0.0.altmaps.isEmpty && $0.0.tables.count > 1 })
    func isLookedAt(_ bend: (inout Observation) -> Void) -> Bool {
      var bent = steps
      // A mistake in every observation, so that any judgement finds something.
      bent[0].maxPFN &+= 77
      bend(&bent[0])
      return !Oracle.violations(image, bent).isEmpty
    }
    #expect(isLookedAt { _ in })
    #expect(!isLookedAt { $0.altmapAllocs.removeLast() })
    #expect(!isLookedAt { $0.altmapAligns.append(0) })
    #expect(!isLookedAt { $0.tables.removeLast() })
    #expect(!isLookedAt { $0.lives.removeLast() })
    #expect(!isLookedAt { $0.lives[0].live = 0 })
    #expect(!isLookedAt { $0.tables[0] = [] })
    #expect(!isLookedAt { $0.events.append(Event(.clear, a: 0, b: 1 << 63, c: 1)) })
    #expect(!isLookedAt { $0.events.append(Event(.clear, a: 0, b: 1, c: .max)) })
  }
}

extension SplitMix64 {
  /// A random index into a list of `count` elements.
  fileprivate mutating func place(in count: Int) -> Int { Int(below(UInt64(count))) }
}
