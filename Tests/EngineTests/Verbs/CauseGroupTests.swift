// SPDX-License-Identifier: GPL-2.0-only

import Testing

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
}
