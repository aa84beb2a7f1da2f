// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The two areas of the address space that the code works on.
enum Area: String, CaseIterable {
  case linear, vmemmap

  var isVmemmap: Bool { self == .vmemmap }
  /// The origin of its tables.
  var kind: ScenarioBuilder.TableKind { self == .linear ? .linear : .vmemmap }
}

struct CatalogueBuilder {
  let layout: AddressLayout
  private(set) var scenarios: [Scenario] = []

  init(mode: PagingMode) { layout = AddressLayout(mode: mode) }

  var mode: PagingMode { layout.mode }

  /// Adds a scenario. The same id is the same case in each mode that has it.
  mutating func add(_ id: String, _ purpose: String, _ body: (inout ScenarioBuilder) -> Void) {
    var builder = ScenarioBuilder(mode: mode)
    body(&builder)
    scenarios.append(builder.build(id: id, purpose: purpose))
  }

  /// Adds a scenario that is made of another one.
  mutating func add(_ scenario: Scenario) { scenarios.append(scenario) }
}

/// Entry bits of the catalogue.
enum Bits {
  static let riscv = Architecture.riscv.entryBits
  /// `PAGE_KERNEL`.
  static let kernel = riscv.kernel
  /// `PAGE_KERNEL_READ`.
  static let readOnly = kernel & ~riscv.write
  /// `PAGE_KERNEL` with the non-cacheable memory type of Svpbmt.
  static let noCache = kernel | 1 << 61
  /// `PAGE_KERNEL` with the two software bits, devmap and special.
  static let software = kernel | riscv.devmap | riscv.special
  /// A leaf without the global bit, so that only the present bit makes it present.
  static let notGlobal = kernel & ~riscv.global
  /// A swap entry in the encoding of RISC-V, with type 3 and offset 0x12345: not present, not zero.
  static let swap: UInt64 = 0x12345 << 12 | 3 << 7
  /// A leaf without the present and global bits: not present, not zero.
  static let absentLeaf: UInt64 = frame << 10 | notGlobal & ~riscv.present
  /// A prot_none leaf: readable in the kernel's test, absent for the hardware.
  static let protNoneLeaf: UInt64 = frame << 10 | riscv.protNone | riscv.read
  /// The PFN of 5 GiB: memory, and aligned for a leaf of the PUD or below.
  static let frame: UInt64 = 0x14_0000
  /// The accessed bit alone: neither present nor zero.
  static let accessedOnly = riscv.accessed
}

/// Slots below the root. Each level has a different default, so that an index with the wrong level's shift is
/// visible (defects 1-3).
struct Slots {
  var p4d: UInt64 = 1
  var pud: UInt64 = 2
  var pmd: UInt64 = 5
  var pte: UInt64 = 7
}

extension ScenarioBuilder {
  /// The address of these slots, counted from the start of the area. If the mode folds levels, the upper
  /// slots count in the root; Sv39 ignores the p4d slot.
  func address(_ area: Area, _ slots: Slots = Slots()) -> UInt64 {
    let base = area == .linear ? layout.pageOffset : layout.vmemmapStart
    let p4d = layout.mode.isL4Enabled ? slots.p4d << (12 + 3 * layout.indexBits) : 0
    return base &+ p4d &+ slots.pud << (12 + 2 * layout.indexBits)
      &+ slots.pmd << (12 + layout.indexBits) &+ slots.pte << 12
  }

  /// The physical address of a virtual one in the linear map.
  func physical(_ address: UInt64) -> UInt64 { layout.physical(ofVirtual: address) }

  /// The PFN of memory that a leaf of a level may map: the first from 5 GiB on that is aligned to it.
  func frame(_ level: Level) -> UInt64 {
    let pages = bytes(level) >> AddressLayout.pageShift
    return (Bits.frame + pages - 1) & ~(pages - 1)
  }

  /// Bytes of `count` entries of a level.
  func bytes(_ level: Level, _ count: UInt64 = 1) -> UInt64 { layout.size(of: level) * count }

  /// Maps a range of an area in leaves of a level: memory in the linear map, backing in the vmemmap. Returns
  /// the first PFN.
  @discardableResult
  mutating func map(
    _ area: Area, _ level: Level, at address: UInt64, count: UInt64 = 1,
    backing: Backing = .allocator, protection: UInt64 = Bits.kernel,
    kind: TableKind? = nil
  ) -> UInt64 {
    switch area {
    case .vmemmap:
      return mapVmemmap(
        at: address, size: bytes(level, count), leaf: level, backing: backing,
        protection: protection, kind: kind ?? .vmemmap)
    case .linear:
      let first = physical(address) >> AddressLayout.pageShift
      for index in 0..<count {
        mapLeaf(
          level, at: address &+ bytes(level, index),
          pfn: first + bytes(level, index) >> AddressLayout.pageShift,
          protection: protection, kind: kind ?? .linear)
      }
      return first
    }
  }

  /// Calls the walker of a level on a range of an area. Makes the tables down to its base if necessary. At a
  /// folded level the base is the root entry itself.
  mutating func walk(
    _ level: Level, _ area: Area, from start: UInt64, to end: UInt64, altmap: Int? = nil
  ) {
    let entry = place(level, for: start, kind: area.kind)
    let isFolded = layout.mode.isFolded(level)
    call(KernelFunction.that(.unmaps, at: level) ?? .removePgdMapping) {
      if level != .pgd { $0.table = entry.table }
      if isFolded { $0.parentSlot = entry.slot }
      $0.start = start
      $0.end = end
      $0.isVmemmap = area.isVmemmap
      $0.altmap = altmap
    }
  }

  /// Removes a range of an area through the entry point that the rest of the kernel calls:
  /// `remove_linear_mapping` or `vmemmap_free`.
  mutating func remove(_ area: Area, from start: UInt64, bytes: UInt64, altmap: Int? = nil) {
    switch area {
    case .linear:
      let first = physical(start)
      call(.removeLinearMapping) {
        $0.start = first
        $0.size = bytes
      }
    case .vmemmap:
      call(.vmemmapFree) {
        $0.start = start
        $0.end = start &+ bytes
        $0.altmap = altmap
      }
    }
  }
}
