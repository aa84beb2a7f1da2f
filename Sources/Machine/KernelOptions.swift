// SPDX-License-Identifier: GPL-2.0-only

/// What a kernel is like, beside the text of the surface, that the surface behaves by: options of its
/// configuration, and what its era does to page tables.
public struct KernelOptions: OptionSet, Hashable, Sendable, Codable {
  /// One bit an option.
  public let rawValue: UInt16

  /// The set with these bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `CONFIG_STRICT_KERNEL_RWX`: text and data have different protections.
  public static let strictKernelRWX = KernelOptions(rawValue: 1 << 0)
  /// `CONFIG_MODULES`: the area of modules has page tables from boot on.
  public static let modules = KernelOptions(rawValue: 1 << 1)
  /// `CONFIG_MEMORY_HOTPLUG`: so have the memmap and the linear map.
  public static let memoryHotplug = KernelOptions(rawValue: 1 << 2)
  /// `CONFIG_KASAN`: so has its shadow.
  public static let kasan = KernelOptions(rawValue: 1 << 3)

  /// `alloc_pud_late` runs a constructor, as kernels from 6.16 on have it (`pagetable_pud_ctor`).
  public static let pudConstructor = KernelOptions(rawValue: 1 << 4)
  /// So does `alloc_p4d_late` (`pagetable_p4d_ctor`).
  public static let p4dConstructor = KernelOptions(rawValue: 1 << 5)
  /// `vmemmap_populate` maps by single pages (`vmemmap_populate_basepages`), as that of 6.1 does.
  public static let memmapByPages = KernelOptions(rawValue: 1 << 6)
  /// It hands no altmap on, as before commit e3ecf2fdc8f3.
  public static let memmapWithoutAltmap = KernelOptions(rawValue: 1 << 7)
  /// `vmemmap_check_pmd` calls a PMD populated that is a leaf, as the generic one of 7.2 does.
  public static let populatedIsLeaf = KernelOptions(rawValue: 1 << 8)
  /// Page tables of the kernel have neither constructor nor destructor, as in a series posted in July 2026.
  public static let plainTables = KernelOptions(rawValue: 1 << 9)

  /// As subjects are compiled when nobody says otherwise.
  public static let standard: KernelOptions = [.strictKernelRWX, .modules, .memoryHotplug]

  /// The options of a kernel for which some symbols are defined ("CONFIG_X", "CONFIG_X=1") and some are
  /// not, over the standard ones.
  public init(defines: [String], undefines: [String]) {
    self = .standard
    for define in defines {
      let parts = define.split(separator: "=", maxSplits: 1)
      guard let option = parts.first.flatMap({ Self(symbol: String($0)) }) else { continue }
      // `IS_ENABLED` asks for a 1; what is asked by `#ifdef` may have any value.
      let isSet = parts.count < 2 || parts[1] == "1" || option == .strictKernelRWX
      if isSet { insert(option) } else { remove(option) }
    }
    for symbol in undefines { Self(symbol: symbol).map { _ = remove($0) } }
  }

  /// The option of a configuration symbol that the surface asks for; nil for any other.
  public init?(symbol: String) {
    switch symbol {
    case "CONFIG_STRICT_KERNEL_RWX": self = .strictKernelRWX
    case "CONFIG_MODULES": self = .modules
    case "CONFIG_MEMORY_HOTPLUG": self = .memoryHotplug
    case "CONFIG_KASAN": self = .kasan
    default: return nil
    }
  }
}
