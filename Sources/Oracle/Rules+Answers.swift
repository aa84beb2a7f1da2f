// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The violations in the answer of a query, or in the page that an allocation returns.
  var answerViolations: [Violation] {
    guard let returned else { return [] }
    let right: [UInt64]
    switch (function.purpose, function.result) {
    case (.answers, .size):
      right = [
        bestLeafSize(
          physical: operation.physical, virtual: operation.start, length: operation.end)
      ]
    case (.answers, .protection): right = protectionsAtBoot(operation.start)
    case (.answers, .address):
      right = [layout.virtual(ofPhysical: operation.physical)]
    case (.allocatesTable, _):
      let allocated = events.filter { $0.kind == EventKind.allocate.rawValue }
      // Neither 0 nor a negative error is the address of a page.
      if allocated.isEmpty, isOutOfMemory, returned.b == 0 || returned.b > UInt64.max - 4096 {
        return []
      }
      guard let page = allocated.first, allocated.count == 1, page.b == 0 else {
        return [violation(.answer, .call("\(allocated.count) blocks are allocated for a table"))]
      }
      right = [page.a << AddressLayout.pageShift]
    case (.answers, .flag):
      let table = Int(operation.parentTable)
      guard before.isLive(table) else { return [] }
      let word = before.tables[table][Int(operation.parentSlot)]
      if Architecture.riscv.entryBits.isTable(word), returned.b != 0 {
        // Only the table, not the PMD above it, shows which pages are mapped, so a caller would skip the
        // rest.
        return [
          violation(
            .memmapHole, .number("the return value", expected: 0, actual: returned.b))
        ]
      }
      guard Architecture.riscv.entryBits.isLeaf(word), returned.b == 0 else { return [] }
      right = [1]
    default: return []
    }
    guard let expected = right.first, !right.contains(returned.b) else { return [] }
    return [
      violation(
        .answer, .number("the return value", expected: expected, actual: returned.b))
    ]
  }
}
