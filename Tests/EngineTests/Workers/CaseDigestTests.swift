// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("A digest")
struct CaseDigestTests {
  /// The port's observation of a case that clears, frees, destructs and flushes.
  private let base: Observation

  init() throws {
    let rich = try Catalogue.scenarios(mode: Architecture.riscv.modes[0]).map { scenario in
      HotplugPort(fixes: .latest).observe(try scenario.lowered())
    }.max { $0.events.count < $1.events.count }
    base = try #require(rich)
  }

  private func digest(_ change: (inout Observation) -> Void) -> CaseDigest {
    var changed = base
    change(&changed)
    return changed.digest(entriesPerTable: 512)
  }

  @Test("is the same for the port's memory and for the values read from it")
  func sameForValues() throws {
    for mode in Architecture.riscv.modes {
      let port = HotplugPort(fixes: .latest)
      for scenario in Catalogue.scenarios(mode: mode).prefix(120) {
        let image = try scenario.lowered()
        let digest = port.answer(image).0
        #expect(port.observe(image).digest(entriesPerTable: 512) == digest, "\(scenario.id)")
      }
    }
  }

  @Test("changes with every field of every event") func events() {
    let same = digest { _ in }
    for index in base.events.indices {
      #expect(digest { $0.events[index].kind ^= 1 } != same)
      #expect(digest { $0.events[index].detail ^= 1 } != same)
      #expect(digest { $0.events[index].a ^= 1 << 63 } != same)
      #expect(digest { $0.events[index].b ^= 1 } != same)
      #expect(digest { $0.events[index].c ^= 1 } != same)
      #expect(digest { $0.events[index].d ^= 1 << 32 } != same)
    }
    #expect(digest { $0.events.removeLast() } != same)
    #expect(digest { $0.events.swapAt(0, $0.events.count - 1) } != same)
  }

  @Test("changes with every word of every table and with every life") func tables() {
    let same = digest { _ in }
    var seen: Set<CaseDigest> = [same]
    for table in base.tables.indices {
      for slot in stride(from: 0, to: 512, by: 7) {
        seen.insert(digest { $0.tables[table][slot] ^= 1 << 10 })
      }
      seen.insert(digest { $0.lives[table].level ^= 1 })
      seen.insert(digest { $0.lives[table].owner ^= 1 })
      seen.insert(digest { $0.lives[table].constructed += 1 })
    }
    #expect(seen.count == 1 + base.tables.count * (74 + 3))
  }

  @Test("changes with the ending, the globals and the altmaps, but not with a fault's slot")
  func rest() {
    let same = digest { _ in }
    #expect(digest { $0.ending = Ending(.bug) } != same)
    #expect(digest { $0.ending.operation += 1 } != same)
    #expect(digest { $0.ending.table += 1 } != same)
    #expect(digest { $0.maxPFN += 1 } != same)
    #expect(digest { $0.maxLowPFN += 1 } != same)
    func altmap(_ alloc: UInt64, _ align: UInt64) -> CaseDigest {
      digest {
        $0.altmapAllocs = [alloc]
        $0.altmapAligns = [align]
      }
    }
    #expect(Set([altmap(5, 1), altmap(6, 1), altmap(5, 0), altmap(1, 5)]).count == 4)
    // The comparison ignores these fields, too: `Observation.compared`.
    #expect(digest { $0.ending.slot += 1 } == same)
    #expect(digest { $0.ending.address += 1 } == same)
  }
}
