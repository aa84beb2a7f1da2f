// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Subjects

@Suite("The groups of parts that are tried together")
struct CauseGroupTests {
  /// As many parts as a kernel's `init.c` has, functions and helpers.
  private static let parts = (0..<20).map { number in
    Substitution.Part(
      name: number < 14 ? KernelFunction.allCases[number].name : "helper_\(number)",
      function: number < 14 ? KernelFunction.allCases[number] : nil, isDefinition: false)
  }

  @Test("have objects of different names, whichever neighbours are a group")
  func names() {
    let all = Self.parts
    let groups = all.indices.flatMap { first in
      ((first + 1)...all.count).map { end in Array(all[first..<end]) }
    }
    let names = groups.map(CauseStage.objectName)
    #expect(groups.count == 210 && Set(names).count == groups.count)
    #expect(names.allSatisfy { !$0.contains("/") && !$0.isEmpty })
  }

  @Test("are halves of halves, without a part lost or in two groups", arguments: 1...20)
  func halves(count: Int) {
    let parts = Array(Self.parts.prefix(count))
    var groups = CauseStage.halves(of: parts)
    for _ in 0..<10 {
      #expect(groups.flatMap { $0 } == parts)
      #expect(Set(groups.map(CauseStage.objectName)).count == groups.count)
      groups = groups.flatMap { $0.count > 1 ? CauseStage.halves(of: $0) : [$0] }
    }
    #expect(groups.allSatisfy { $0.count == 1 })
  }

  @Test("begin with what is probably wrong, alone, and all others together", arguments: 2...20)
  func likely(count: Int) {
    let parts = Array(Self.parts.prefix(count))
    let likely = KernelFunction.allCases[1]
    let groups = CauseStage.groups(of: parts, likely: [likely])
    #expect(groups.contains { $0.map(\.function) == [likely] })
    #expect(groups.count == 2)
    #expect(Set(groups.joined()) == Set(parts) && groups.joined().count == count)
  }

  @Test("are halves when nothing or nearly everything looks wrong")
  func unlikely() {
    for likely in [[], Set(KernelFunction.allCases.prefix(4)), [KernelFunction.allCases[13]]] {
      let parts = Array(Self.parts.prefix(12))
      #expect(CauseStage.groups(of: parts, likely: likely) == CauseStage.halves(of: parts))
    }
  }

  @Test("take for likely what differs alone, and calls nothing that does")
  func innermost() {
    func cases(_ calls: [[KernelFunction]]) -> [CaseSample.Case] {
      calls.map { functions in
        var entry = CaseList(catalogueIn: [Architecture.riscv.modes[0]]).entries[0]
        let call = entry.scenario.operations[0]
        entry.scenario.operations = functions.map { function in
          var one = call
          one.function = function
          return one
        }
        return CaseSample.Case(place: 0, entry: entry, reach: [], isSlow: false)
      }
    }
    let walks: [[KernelFunction]] = [
      [.archRemoveMemory], [.removePudMapping], [.removePmdMapping],
      [.removePteMapping, .freePmdTable],
    ]
    #expect(CaseSample.innermost(of: cases(walks)) == [.removePmdMapping])
    #expect(CaseSample.innermost(of: cases([[.archAddMemory, .archRemoveMemory]])).isEmpty)
    #expect(
      CaseSample.innermost(of: cases([[.freePteTable], [.freePmdTable]]))
        == [.freePteTable, .freePmdTable])
  }
}
