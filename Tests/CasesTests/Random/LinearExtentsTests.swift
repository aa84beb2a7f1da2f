// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

@Suite("The generator's model of the linear map")
struct LinearExtentsTests {
  private static let gib: UInt64 = 1 << 30
  private static let mib2: UInt64 = 2 << 20
  private static let start: UInt64 = 0x1_4000_0000

  private func extents(_ mode: String) throws -> LinearExtents {
    LinearExtents(layout: AddressLayout(mode: try #require(Architecture.riscv.mode(named: mode))))
  }

  @Test("maps a range with the largest leaves that address and length allow")
  func bestSizes() throws {
    let from = Self.start - Self.mib2 - 0x1000
    let to = Self.start + 2 * Self.gib + Self.mib2 + 0x2000
    let four = try extents("sv48").runs(from: from, to: to, byPages: false)
    #expect(
      four == [
        LeafRun(level: .pte, start: from, count: 1),
        LeafRun(level: .pmd, start: Self.start - Self.mib2, count: 1),
        LeafRun(level: .pud, start: Self.start, count: 2),
        LeafRun(level: .pmd, start: Self.start + 2 * Self.gib, count: 1),
        LeafRun(level: .pte, start: Self.start + 2 * Self.gib + Self.mib2, count: 2),
      ])
    let three = try extents("sv39").runs(from: from, to: to, byPages: false)
    #expect(three.map(\.level) == [.pte, .pmd, .pte])
    #expect(three.map(\.count) == [1, 1026, 2])
    let pages = try extents("sv48").runs(from: from, to: Self.start, byPages: true)
    #expect(pages == [LeafRun(level: .pte, start: from, count: 513)])
  }

  @Test("refuses to map a part of a larger leaf, but maps the whole of it again")
  func parts() throws {
    var linear = try extents("sv48")
    let end = Self.start + Self.gib
    linear.map(linear.runs(from: Self.start, to: end, byPages: false))
    #expect(!linear.canMap(from: Self.start, to: Self.start + Self.mib2))
    #expect(!linear.canMap(from: end - Self.mib2, to: end + Self.mib2))
    #expect(linear.canMap(from: Self.start, to: end))
    #expect(linear.canMap(from: Self.start - Self.mib2, to: end + Self.mib2))
    #expect(linear.canMap(from: end, to: end + 0x1000))
    linear.isByPages = true
    #expect(!linear.canMap(from: Self.start, to: end))
  }

  @Test("removes every leaf that a removal touches, as a whole, and no other")
  func removal() throws {
    var linear = try extents("sv48")
    let end = Self.start + Self.gib + 4 * Self.mib2
    linear.map(linear.runs(from: Self.start, to: end, byPages: false))
    linear.unmap(from: Self.start + Self.gib + 0x1000, to: Self.start + Self.gib + 0x2000)
    let small = Self.start + Self.gib
    #expect(!linear.holdsAny(from: small, to: small + Self.mib2))
    #expect(linear.holdsAny(from: small + Self.mib2, to: end))
    #expect(linear.holdsAny(from: Self.start, to: small))
    linear.unmap(from: Self.start + 0x1000, to: Self.start + 0x1000)
    #expect(linear.holdsAny(from: Self.start, to: small))
    linear.unmap(from: small - 1, to: small)
    #expect(!linear.holdsAny(from: Self.start, to: small))
  }

  @Test("keeps existing leaves when more memory is added around them")
  func existing() throws {
    var linear = try extents("sv48")
    let middle = Self.start + Self.mib2
    linear.map([LeafRun(level: .pte, start: middle, count: 1)])
    linear.map([LeafRun(level: .pmd, start: Self.start, count: 3)])
    #expect(linear.canMap(from: middle, to: middle + 0x1000))
    #expect(!linear.holdsAny(from: middle + 0x1000, to: middle + Self.mib2))
    #expect(!linear.canMap(from: Self.start, to: Self.start + 0x1000))
    #expect(!linear.canMap(from: middle + Self.mib2, to: middle + Self.mib2 + 0x1000))
  }
}
