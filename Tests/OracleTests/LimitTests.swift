// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port

/// Limits the time that the oracle spends on a runaway subject.
@Suite("A long trace")
struct LimitTests {
  @Test("is judged up to the limit of its length, and not beyond") func limit() throws {
    let mode = try #require(Architecture.riscv.mode(named: "sv39"))
    var builder = ScenarioBuilder(mode: mode)
    builder.call(.archGetMappableRange)
    let image = try builder.build(id: "limit", purpose: "One call.").lowered()
    var observation = HotplugPort(fixes: .latest).observe(image)
    let free = Event(.free, a: 0x1234)
    func rules(_ frees: Int) -> Set<OracleRule> {
      var long = observation
      long.events = Array(repeating: free, count: frees) + observation.events
      return Set(Oracle.violations(image, [long]).map(\.rule))
    }
    let most = Oracle.mostEvents - observation.events.count
    #expect(rules(most).contains(.foreignPageFreed))
    #expect(rules(most + 1).isEmpty)
    observation.events = []
    #expect(!rules(1).isEmpty)
  }
}
