// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

/// The difference that a case shows: its kind and, if requested, the called function in which the sides
/// diverge.
struct Shown: Hashable, Sendable {
  var difference: String
  var function: KernelFunction?
}

/// Compares the port without some fix with the latest port.
actor PortPair {
  private let subject: HotplugPort
  private let reference = HotplugPort(fixes: .latest, stepLimit: 1 << 20)
  private let tellsFunction: Bool

  init(missing fix: UpstreamFixes, tellsFunction: Bool) {
    subject = HotplugPort(fixes: .latest.subtracting(fix), stepLimit: 1 << 20)
    self.tellsFunction = tellsFunction
  }

  /// The difference that each scenario shows; nil where the sides agree.
  func answers(for scenarios: [Scenario]) throws -> [Shown?] {
    try scenarios.map { scenario in
      let image = try scenario.lowered()
      let result = observation(of: subject, image).compared(to: observation(of: reference, image))
      return result.difference.map { difference in
        Shown(
          difference: difference.signature,
          function: tellsFunction
            ? result.operation.map { scenario.operations[$0].function } : nil)
      }
    }
  }

  private func observation(of port: HotplugPort, _ image: MachineImage) -> Observation {
    port.load(image)
    let ending = port.run()
    let tables = 0..<port.tableCount
    return Observation(
      ending: ending, events: port.events,
      tables: tables.map { table in port.withTable(table) { Array($0) } },
      lives: tables.map { port.life(ofTable: $0) }, maxPFN: port.maxPFN,
      maxLowPFN: port.maxLowPFN, altmapAllocs: port.altmapAllocs,
      altmapAligns: port.altmapAligns)
  }
}

extension Shrinker where Signature == Shown {
  /// A shrinker for differences of the port without a fix.
  init(missing fix: UpstreamFixes, tellsFunction: Bool, limits: ShrinkLimits = .patient) {
    let pair = PortPair(missing: fix, tellsFunction: tellsFunction)
    self.init(limits: limits) { try await pair.answers(for: $0) }
  }
}

extension ShrinkLimits {
  /// A time limit that even a slow machine does not reach.
  static let patient = ShrinkLimits(time: .seconds(600))
}

extension Scenario {
  /// The scenario without id and purpose, which do not count.
  var bare: Scenario {
    var bare = self
    bare.id = ""
    bare.purpose = ""
    return bare
  }

  /// Whether no candidate of any pass shows this difference; the test asks one by one.
  func isMinimal(missing fix: UpstreamFixes, for shown: Shown) async throws -> Bool {
    let pair = PortPair(missing: fix, tellsFunction: shown.function != nil)
    for pass in ShrinkPass.all {
      for candidate in pass.candidates(of: self) where (try? candidate.lowered()) != nil {
        if try await pair.answers(for: [candidate]) == [shown] { return false }
      }
    }
    return true
  }
}
