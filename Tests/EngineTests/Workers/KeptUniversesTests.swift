// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine

@Suite("The universes that are kept")
struct KeptUniversesTests {
  private func key(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 64 - digits.count) + digits + " sv39/walks/direct"
  }

  @Test("read back from their file, behind those of other runs") func roundTrip() throws {
    let folder = try PrivateFolder()
    let path = folder.file("kept")
    for number in 1...2 {
      let kept = KeptUniverses(path: path)
      kept.keep(key(number))
      kept.save()
    }
    let again = KeptUniverses(path: path)
    #expect(again.has(key(1)) && again.has(key(2)) && !again.has(key(3)))
    #expect(!KeptUniverses(path: nil).has(key(1)))
  }

  @Test("are forgotten if there are too many of them, the last used ones last")
  func bounded() throws {
    let folder = try PrivateFolder()
    let path = folder.file("kept")
    let kept = KeptUniverses(path: path)
    for number in 0..<KeptUniverses.most { kept.keep(key(number)) }
    kept.save()
    let next = KeptUniverses(path: path)
    next.keep(key(0))
    next.keep(key(KeptUniverses.most))
    next.save()
    let again = KeptUniverses(path: path)
    #expect(again.has(key(0)) && again.has(key(KeptUniverses.most)) && !again.has(key(1)))
    #expect(again.has(key(2)))
  }

  @Test(
    "are none where the file is damaged",
    arguments: ["", "mhpcheck.kept/0\nKEY\n", "mhpcheck.kept/1\nKEY\n\u{0}\n", "{}"])
  func damaged(text: String) throws {
    let folder = try PrivateFolder()
    let path = try folder.write("kept", text.replacing("KEY", with: key(1)))
    #expect(!KeptUniverses(path: path).has(key(1)))
    let kept = KeptUniverses(path: path)
    kept.keep(key(2))
    kept.save()
    #expect(KeptUniverses(path: path).has(key(2)))
  }

  @Test("form groups by the functions that they call, each universe in one")
  func groups() {
    let universes = Universe.universes(.deep, mode: Architecture.riscv.modes[0])
    let all = Set(KernelFunction.allCases)
    let groups = SweepGroup.groups(of: universes, calling: all)
    #expect(groups.flatMap(\.universes).map(\.name).sorted() == universes.map(\.name).sorted())
    let kinds = groups.map(\.functions)
    #expect(Set(kinds).count == groups.count)
    for group in groups {
      for universe in group.universes {
        let called = universe.operations.map(\.function)
        #expect(Set(called) == group.functions)
        #expect(universe.caseCount(calling: all) == universe.caseCount)
      }
    }
    let others = SweepGroup.groups(of: universes, calling: [.vmemmapFree])
    let some: [Set<KernelFunction>] = others.map(\.functions)
    #expect(some.count == 2 && some.contains([]) && some.contains([.vmemmapFree]))
  }
}
