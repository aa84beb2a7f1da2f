// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

/// The shim asserts the same sizes with `_Static_assert`, because images and traces are passed as memory.
@Suite("The layouts shared with C")
struct LayoutTests {
  @Test("Every mirrored type has the size of its twin in C")
  func sizes() {
    #expect(MemoryLayout<Event>.size == 40)
    #expect(MemoryLayout<Operation>.size == 72)
    #expect(MemoryLayout<Ending>.size == 24)
    #expect(MemoryLayout<TableState>.size == 16)
    #expect(MemoryLayout<TableRun>.size == 24)
    #expect(MemoryLayout<FrameRange>.size == 24)
    #expect(MemoryLayout<AltmapState>.size == 48)
    #expect(MemoryLayout<PageLife>.size == 16)
    #expect(MemoryLayout<PgmapState>.size == 1)
  }

  @Test("Fields stand at the offsets of their twins in C")
  func offsets() {
    #expect(MemoryLayout<Event>.offset(of: \.a) == 8)
    #expect(MemoryLayout<Event>.offset(of: \.d) == 32)
    #expect(MemoryLayout<Operation>.offset(of: \.parentSlot) == 28)
    #expect(MemoryLayout<Operation>.offset(of: \.start) == 32)
    #expect(MemoryLayout<Operation>.offset(of: \.protection) == 48)
    #expect(MemoryLayout<Operation>.offset(of: \.blockSize) == 64)
    #expect(MemoryLayout<Ending>.offset(of: \.address) == 16)
    #expect(MemoryLayout<FrameRange>.offset(of: \.owner) == 16)
    #expect(MemoryLayout<TableRun>.offset(of: \.count) == 6)
    #expect(MemoryLayout<TableRun>.offset(of: \.step) == 16)
    #expect(MemoryLayout<AltmapState>.offset(of: \.alloc) == 40)
  }
}
