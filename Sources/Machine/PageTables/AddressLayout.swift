// SPDX-License-Identifier: GPL-2.0-only

/// The addresses of one paging mode at one index width: the places of the linear map, the vmemmap and
/// the kernel image, the conversion between virtual and physical addresses, and the index of an address.
///
/// All addresses are virtual unless named physical; arithmetic is modulo 2^64 as in the kernel.
/// The formulas come from `arch/riscv/include/asm/pgtable.h` and `page.h` of Linux 6.12.
public struct AddressLayout: Sendable, Hashable {
  public let mode: PagingMode
  /// Index bits per level: 9 on real machines.
  public let indexBits: UInt64
  /// The first physical address of RAM (`phys_ram_base`); 0x80000000 on QEMU's virt machine.
  public let ramBase: UInt64
  /// `KERN_VIRT_SIZE` in bytes: the length of the linear map's window.
  public let kernVirtSize: UInt64
  /// Bytes of the linear map's window: at every index width, `KERN_VIRT_SIZE` of the real width, so that
  /// any memory has an address in small geometry, too.
  public let linearSize: UInt64
  /// `VMALLOC_START`.
  public let vmallocStart: UInt64
  /// `VMEMMAP_START`. At small widths the memmap is larger than the span of the root and begins at the
  /// address of the root's first slot, so that every range of a small machine can be a range of the
  /// memmap.
  public let vmemmapStart: UInt64
  /// `PAGE_END`, which is `KASAN_SHADOW_START`.
  public let pageEnd: UInt64
  /// `kernel_map.va_kernel_pa_offset`: virtual minus physical address of the kernel image.
  public let kernelImageOffset: UInt64
  /// The PFN whose `struct page` lies at `VMEMMAP_START` (`vmemmap_start_pfn` of 6.12).
  public let vmemmapStartPFN: UInt64

  /// `KERNEL_LINK_ADDR`.
  public static let kernelLinkAddress: UInt64 = 0xffff_ffff_8000_0000
  /// Bytes of the kernel image, from its link address on (`MHP_KERNEL_IMAGE_SIZE` of the shim): a size
  /// that running kernels have.
  public static let kernelImageSize: UInt64 = 0x200_0000
  /// Minimum size of the memmap at small widths, in bytes: room for ranges of more than 32 bits.
  static let smallMemmap: UInt64 = 1 << 33
  /// Bytes of the text at the beginning of the kernel image (`MHP_KERNEL_TEXT_SIZE`).
  public static let kernelTextSize: UInt64 = 0xc0_0000
  /// Bytes of the modules area, which ends at the start of the kernel image (`MODULES_END`).
  public static let modulesSize: UInt64 = 0x8000_0000
  /// log2 of the page size.
  public static let pageShift: UInt64 = 12
  /// Bytes per page.
  public static let pageSize: UInt64 = 1 << pageShift
  /// Bytes of a `struct page`.
  public static let structPageSize: UInt64 = 64

  /// `PAGE_OFFSET`.
  public var pageOffset: UInt64 { mode.pageOffset }
  /// `VMEMMAP_END`.
  public var vmemmapEnd: UInt64 { vmallocStart }
  public var entriesPerTable: Int { 1 << Int(indexBits) }
  /// `kernel_map.va_pa_offset`: virtual minus physical address of the linear map.
  public var linearOffset: UInt64 { pageOffset &- ramBase }

  /// The layout of a mode on a running kernel (QEMU virt: RAM at 2 GiB, kernel image loaded 2 MiB
  /// above).
  ///
  /// - Parameters:
  ///   - mode: the paging mode.
  ///   - indexBits: index bits per level.
  ///   - ramBase: the physical start of RAM.
  ///   - vmemmapStartPFN: the PFN of the memmap's first `struct page`; nil is that of `ramBase`, as on
  ///     6.12 (`vmemmap_start_pfn`). Seen on 7.2: 0.
  public init(
    mode: PagingMode, indexBits: UInt64 = 9, ramBase: UInt64 = 0x8000_0000,
    vmemmapStartPFN: UInt64? = nil
  ) {
    self.mode = mode
    self.indexBits = indexBits
    self.ramBase = ramBase
    let vaBits = Self.pageShift + UInt64(mode.levelCount) * indexBits
    let pgdirSize: UInt64 = 1 << (vaBits - indexBits)
    kernVirtSize = ((1 << indexBits) / 2 * pgdirSize) / 2
    linearSize = 1 << (Self.pageShift + UInt64(mode.levelCount) * 9 - 2)
    vmallocStart = mode.pageOffset &- (kernVirtSize >> 1)
    let span: UInt64 = 1 << vaBits
    vmemmapStart =
      indexBits < 9
      ? (vmallocStart & ~(span - 1)) &- Self.smallMemmap
      : vmallocStart &- (1 << (vaBits - Self.pageShift - 1 + 6))
    let kasanShadowEnd: UInt64 = 0xffff_ffff_0000_0000
    let kasanShadowSize: UInt64 = 1 << (vaBits - 1 - 3)
    pageEnd = (kasanShadowEnd &- kasanShadowSize) & ~(pgdirSize - 1)
    kernelImageOffset = Self.kernelLinkAddress &- (ramBase &+ 0x20_0000)
    self.vmemmapStartPFN = vmemmapStartPFN ?? (ramBase >> Self.pageShift)
  }

  /// log2 of the bytes that one entry of a level spans (`PMD_SHIFT`, ...). A folded level has the
  /// kernel's shift: `PUD_SHIFT` stays, `P4D_SHIFT` becomes the root's.
  public func shift(of level: Level) -> UInt64 {
    switch level {
    case .pte: Self.pageShift
    case .pmd: Self.pageShift + indexBits
    case .pud: Self.pageShift + 2 * indexBits
    case .p4d: Self.pageShift + (mode.isL4Enabled ? 3 : 2) * indexBits
    case .pgd: Self.pageShift + UInt64(mode.levelCount - 1) * indexBits
    }
  }

  /// Bytes that one entry of a level spans (`PMD_SIZE`, ...).
  public func size(of level: Level) -> UInt64 { 1 << shift(of: level) }

  /// The slot of an address in a table of a level (`pmd_index`, ...).
  public func index(of address: UInt64, at level: Level) -> Int {
    Int((address >> shift(of: level)) & ((1 << indexBits) - 1))
  }

  /// The virtual address of a physical one in the linear map (`__va`).
  public func virtual(ofPhysical address: UInt64) -> UInt64 { address &+ linearOffset }

  /// The physical address of a virtual one (`__pa`): by the linear map's formula inside its window, by
  /// the kernel image's elsewhere.
  public func physical(ofVirtual address: UInt64) -> UInt64 {
    address &- pageOffset < linearSize ? address &- linearOffset : address &- kernelImageOffset
  }

  /// The address of a page's `struct page` in the vmemmap (`pfn_to_page`).
  public func structPage(ofPFN pfn: UInt64) -> UInt64 {
    vmemmapStart &+ (pfn &- vmemmapStartPFN) &* Self.structPageSize
  }
}
