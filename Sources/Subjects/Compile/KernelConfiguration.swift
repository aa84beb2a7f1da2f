// SPDX-License-Identifier: GPL-2.0-only

/// The kernel configuration for subjects: the symbols that a RISC-V kernel with memory hotplug and
/// hot-remove needs or gets by them, per arch/riscv/Kconfig and mm/Kconfig, and some that every distribution sets.
public enum KernelConfiguration {
  /// A symbol that is set, with its value, in the versions of Linux that have it.
  private struct Symbol {
    let name: String
    let value: String
    /// The first version that has it, as in `LINUX_VERSION_CODE`.
    let since: Int
    /// The first version that no longer has it.
    let until: Int

    init(_ name: String, _ value: String = "1", since: Int = 0, until: Int = .max) {
      self.name = "CONFIG_\(name)"
      self.value = value
      self.since = since
      self.until = until
    }
  }

  /// What makes a kernel one with memory hotplug, on several CPUs, with huge pages and devices. The embedded
  /// reference is compiled for these (`CKernelShim/subject/config.h`).
  private static let chosen: [Symbol] = [
    "64BIT", "MMU", "RISCV", "SMP", "MEMORY_HOTPLUG", "MEMORY_HOTREMOVE", "SPARSEMEM",
    "SPARSEMEM_VMEMMAP", "ZONE_DEVICE", "TRANSPARENT_HUGEPAGE", "STRICT_KERNEL_RWX", "MODULES",
  ].map { Symbol($0) }

  /// What these force: RISCV selects it under conditions that hold here, or its default has no prompt.
  private static let forced: [Symbol] = [
    "ARCH_DMA_ADDR_T_64BIT", "ARCH_ENABLE_MEMORY_HOTPLUG", "ARCH_ENABLE_SPLIT_PMD_PTLOCK",
    "ARCH_ENABLE_THP_MIGRATION", "ARCH_HAS_PTE_SPECIAL", "ARCH_HAS_SET_DIRECT_MAP",
    "ARCH_HAS_SET_MEMORY", "ARCH_HAS_STRICT_KERNEL_RWX", "ARCH_HAS_STRICT_MODULE_RWX",
    "ARCH_MHP_MEMMAP_ON_MEMORY_ENABLE", "ARCH_OPTIONAL_KERNEL_RWX", "ARCH_RV64I",
    "ARCH_SELECT_MEMORY_MODEL", "ARCH_SPARSEMEM_ENABLE", "ARCH_SUPPORTS_DEBUG_PAGEALLOC",
    "ARCH_SUPPORTS_HUGETLBFS", "ARCH_SUPPORTS_PAGE_TABLE_CHECK",
    "ARCH_WANT_OPTIMIZE_DAX_VMEMMAP", "ARCH_WANT_OPTIMIZE_HUGETLB_VMEMMAP", "COMPACTION",
    "HAVE_ARCH_HUGE_VMALLOC", "HAVE_ARCH_HUGE_VMAP", "HAVE_ARCH_KASAN",
    "HAVE_ARCH_KASAN_VMALLOC", "HAVE_ARCH_KFENCE", "HAVE_ARCH_TRANSPARENT_HUGEPAGE",
    "HAVE_ARCH_VMAP_STACK", "HAVE_MOVE_PMD", "HAVE_MOVE_PUD", "MEMORY_ISOLATION",
    "MHP_MEMMAP_ON_MEMORY", "MIGRATION", "PHYS_ADDR_T_64BIT", "RISCV_SBI",
    "SELECT_MEMORY_MODEL", "SPARSEMEM_EXTREME", "SPARSEMEM_MANUAL", "SPARSEMEM_VMEMMAP_ENABLE",
    "SWIOTLB", "THREAD_INFO_IN_TASK", "ZONE_DMA32",
  ].map { Symbol($0) }

  /// The same, where it has a value or not all versions have it.
  private static let valued: [Symbol] = [
    Symbol("ARCH_ENABLE_MEMORY_HOTREMOVE", until: version(7, 1)),
    Symbol("ARCH_HAS_PTE_DEVMAP", until: version(6, 17)),
    Symbol("HAVE_PAGE_SIZE_4KB", since: version(6, 9)),
    Symbol("PAGE_SIZE_4KB", since: version(6, 9)),
    Symbol("PAGE_SIZE_LESS_THAN_64KB"), Symbol("PAGE_SIZE_LESS_THAN_256KB"),
    Symbol("PAGE_SHIFT", "12", since: version(6, 9)),
    Symbol("PGTABLE_HAS_HUGE_LEAVES", since: version(6, 12)),
    Symbol("SPLIT_PTE_PTLOCKS", since: version(6, 12)),
    Symbol("SPLIT_PMD_PTLOCKS", since: version(6, 12)),
    Symbol("PGTABLE_LEVELS", "5"), Symbol("NR_CPUS", "64"),
    Symbol("PAGE_OFFSET", "0xff60000000000000"),
    Symbol("ILLEGAL_POINTER_VALUE", "0xdead000000000000"),
  ]

  /// Symbols that no such kernel can set: other widths, other memory models, other machines.
  private static let impossible = Set(
    [
      "32BIT", "ARCH_RV32I", "FLATMEM", "FLATMEM_MANUAL", "RISCV_M_MODE", "SPARSEMEM_STATIC",
      "HAVE_BOOTMEM_INFO_NODE", "HIGHMEM", "PAGE_SIZE_16KB", "PAGE_SIZE_64KB",
      "ARM64", "LOONGARCH", "PPC64", "S390", "X86", "X86_64",
    ].map { "CONFIG_\($0)" })

  /// The symbols that are set for a subject, with their values, in a version of Linux that the user's
  /// definitions (`LINUX_VERSION_CODE`) choose.
  public static func symbols(
    with defines: [String] = []
  ) -> [(name: String, value: String)] {
    let linux = Self.version(in: defines)
    return (chosen + forced + valued).filter { $0.since <= linux && linux < $0.until }
      .map { (name: $0.name, value: $0.value) }
  }

  /// Whether a kernel with memory hotplug cannot set a symbol.
  static func isImpossible(_ symbol: String) -> Bool { impossible.contains(symbol) }

  /// The version in the stub headers (linux/version.h).
  private static let usual = version(6, 12)

  private static func version(_ major: Int, _ minor: Int) -> Int {
    (major << 16) + (minor << 8)
  }

  /// The value of `LINUX_VERSION_CODE` in definitions: a number, or `KERNEL_VERSION(6, 6, 0)`.
  private static func version(in defines: [String]) -> Int {
    let name = "LINUX_VERSION_CODE="
    guard let value = defines.last(where: { $0.hasPrefix(name) })?.dropFirst(name.utf8.count) else {
      return usual
    }
    let parts = value.split { !$0.isNumber && !$0.isLetter && $0 != "_" }.map(String.init)
    if parts.count >= 3, parts[0] == "KERNEL_VERSION", let major = Int(parts[1]),
      let minor = Int(parts[2]), (0..<256).contains(major), (0..<256).contains(minor)
    {
      return version(major, minor)
    }
    guard parts.count == 1, let word = parts.first else { return usual }
    let isHex = word.hasPrefix("0x") || word.hasPrefix("0X")
    return Int(isHex ? String(word.dropFirst(2)) : word, radix: isHex ? 16 : 10) ?? usual
  }

  /// Whether a word is a C identifier.
  public static func isName(_ word: Substring) -> Bool {
    guard let first = word.utf8.first, !isDigit(first) else { return false }
    return word.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  /// Whether a word defines a macro: NAME, NAME=VALUE or NAME(PARAMETERS)=VALUE, on one line.
  public static func isDefinition(_ word: String) -> Bool {
    guard word.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else { return false }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasSuffix(")"), let open = parts[0].firstIndex(of: "(") else {
      return isName(parts[0])
    }
    let parameters = parts[0][parts[0].index(after: open)...].dropLast()
      .split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " }[...] }
    return isName(parts[0][..<open])
      && (parameters == [""] || parameters.allSatisfy { isName($0) || $0 == "..." })
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
