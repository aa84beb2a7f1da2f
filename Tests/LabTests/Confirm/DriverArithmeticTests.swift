// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Lab
@testable import Machine
@testable import Port

/// Expected values: observations of these drivers on running kernels (a 26 MiB gap before the data of 1.5
/// GiB, an altmap of 2 MiB per block), and the formulas of drivers/nvdimm/pfn_devs.c computed by hand.
@Suite("The calls that a driver makes for a region")
struct DriverArithmeticTests {
  private static let mebibyte: UInt64 = 1 << 20
  private static let gibibyte: UInt64 = 1 << 30

  private func arithmetic(
    _ kind: ConfirmCase.Kind, _ memmap: ConfirmCase.Memmap? = nil, align: UInt64? = nil,
    onMemory: Bool? = nil, base: UInt64, size: UInt64
  ) -> DriverArithmetic {
    DriverArithmetic(
      driver: ConfirmCase.Driver(
        kind: kind, memmap: memmap, align: align, memmapOnMemory: onMemory),
      region: ConfirmCase.Extent(base: base, size: size))
  }

  @Test("cover the whole region if the driver keeps nothing")
  func raw() {
    let raw = arithmetic(.raw, base: 0x1_0000_0000, size: Self.gibibyte)
    #expect(raw.dataOffset == nil)
    #expect(
      raw.calls == [HotplugCall(start: 0x1_0000_0000, size: Self.gibibyte, pagesShift: 0)])
  }

  @Test("leave 26 MiB of 1.5 GiB for the memmap in the device, from its third page on")
  func inDevice() throws {
    let device = arithmetic(
      .devdax, .device, align: 2 * Self.mebibyte, base: 0x1_1000_0000,
      size: 3 * Self.gibibyte / 2)
    #expect(device.dataOffset == 26 * Self.mebibyte)
    let altmap = try #require(device.calls.first?.altmap)
    #expect(altmap.basePFN == 0x11_0000)
    #expect(altmap.reserve == 2)
    #expect(altmap.free == 26 * 256 - 2)
    #expect(altmap.endPFN == 0x16_ffff)
    #expect(device.calls.first?.sharedShift == nil)
  }

  @Test("share tail pages if a device has pages of 2 MiB and its memmap is in RAM")
  func shared() {
    let shared = arithmetic(
      .devdax, .ram, align: 2 * Self.mebibyte, base: 0x1_1000_0000, size: Self.gibibyte)
    #expect(shared.dataOffset == 2 * Self.mebibyte)
    #expect(shared.calls.map(\.sharedShift) == [9])
    let plain = arithmetic(.devdax, .ram, align: 4096, base: 0x1_1000_0000, size: Self.gibibyte)
    #expect(plain.dataOffset == 8192)
    #expect(plain.calls.map(\.sharedShift) == [nil])
  }

  @Test("leave out the block of memory that contains the driver's own page")
  func systemMemory() {
    let memory = arithmetic(
      .kmem, .ram, align: 2 * Self.mebibyte, base: 0x1_0000_0000, size: Self.gibibyte / 2)
    #expect(
      memory.calls == [HotplugCall(start: 0x1_0800_0000, size: 384 * Self.mebibyte)])
  }

  @Test("have an altmap of 512 pages per block if blocks carry their memmap")
  func onMemory() {
    let memory = arithmetic(
      .kmem, .ram, align: 2 * Self.mebibyte, onMemory: true, base: 0x1_0000_0000,
      size: Self.gibibyte / 2)
    #expect(memory.calls.map(\.start) == [0x1_0800_0000, 0x1_1000_0000, 0x1_1800_0000])
    #expect(memory.calls.map(\.size) == Array(repeating: 128 * Self.mebibyte, count: 3))
    #expect(memory.calls.map { $0.altmap?.free } == [512, 512, 512])
    #expect(memory.calls.map { $0.altmap?.basePFN } == [0x10_8000, 0x11_0000, 0x11_8000])
  }

  @Test("do not exist if no whole block is left")
  func tooSmall() {
    let memory = arithmetic(
      .kmem, .ram, align: 2 * Self.mebibyte, base: 0x1_0000_0000, size: 128 * Self.mebibyte)
    #expect(memory.calls.isEmpty)
  }
}
