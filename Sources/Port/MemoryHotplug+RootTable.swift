// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The tables below the root exist before any process copies it (commit 66673099f734).
extension MemoryHotplug {
  /// `pgtable_cache_init`: preallocates for every area in which kernel mappings change.
  static func pgtableCacheInit(on machine: inout Machine) throws(Halt) {
    let layout = machine.layout
    let modulesEnd = AddressLayout.kernelLinkAddress
    let modules = modulesEnd - AddressLayout.modulesSize
    try preallocatePgdPagesRange(layout.vmallocStart, layout.pageOffset, on: &machine)
    if machine.options.contains(.modules) {
      try preallocatePgdPagesRange(modules, modulesEnd, on: &machine)
    }
    guard machine.options.contains(.memoryHotplug) else { return }
    try preallocatePgdPagesRange(layout.vmemmapStart, layout.vmemmapEnd, on: &machine)
    try preallocatePgdPagesRange(layout.pageOffset, layout.pageEnd, on: &machine)
    if machine.options.contains(.kasan) {
      try preallocatePgdPagesRange(layout.pageEnd, modules, on: &machine)
    }
  }

  /// `preallocate_pgd_pages_range`: allocates a missing table of the next level for each of the root's
  /// slots from `start` to `end`, virtual; panics when memory runs out. After a slot at the end of the
  /// address space the next address is 0, and the loop ends.
  static func preallocatePgdPagesRange(
    _ start: UInt64, _ end: UInt64, on machine: inout Machine
  ) throws(Halt) {
    let pgdirSize: UInt64 = 1 &<< machine.pgdirShift
    var addr = start
    while addr < end && addr >= start {
      try machine.step()
      let pgdp = EntryPointer(table: 0, slot: Width.index(addr, machine.pgdirShift))
      guard try hasTableBelowRoot(pgdp, on: &machine) else { throw machine.halt(Ending(.panic)) }
      addr = (addr &+ pgdirSize) & ~(pgdirSize &- 1)
    }
  }

  /// `p4d_alloc`, `pud_alloc` and `pmd_alloc` in turn: a zero entry of the root gets a table of the
  /// highest level that is not folded. PMD tables have a constructor. False when memory runs out.
  private static func hasTableBelowRoot(
    _ pgdp: EntryPointer, on machine: inout Machine
  ) throws(Halt) -> Bool {
    guard try machine.read(pgdp) == 0 else { return true }
    guard let pfn = try machine.allocate() else { return false }
    machine.zeroTable(pfn: pfn)
    if !machine.isL4Enabled { try machine.construct(pfn: pfn, level: .pmd) }
    try machine.write(pgdp, machine.bits.tableWord(pfn: pfn))
    return true
  }

  /// `pgprot_from_va`: the protection of the address at boot. With strict permissions the kernel's text
  /// is executable, and its alias in the linear map is read-only. Without them the kernel image is
  /// executable and writable.
  static func pgprotFromVa(_ va: UInt64, on machine: borrowing Machine) -> UInt64 {
    let bits = machine.bits
    let image = va &- AddressLayout.kernelLinkAddress
    guard machine.options.contains(.strictKernelRWX) else {
      return image < AddressLayout.kernelImageSize ? bits.kernel | bits.execute : bits.kernel
    }
    if image < AddressLayout.kernelTextSize {
      return bits.kernel & ~bits.write | bits.execute
    }
    let layout = machine.layout
    let loadAddress = AddressLayout.kernelLinkAddress &- layout.kernelImageOffset
    return va &- layout.virtual(ofPhysical: loadAddress) < AddressLayout.kernelTextSize
      ? bits.kernel & ~bits.write : bits.kernel
  }
}
