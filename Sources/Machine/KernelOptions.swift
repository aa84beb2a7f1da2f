// SPDX-License-Identifier: GPL-2.0-only

/// The properties of a kernel, beside the text of the surface, that change the behaviour of the surface:
/// configuration options, and how the kernel's era handles page tables.
public struct KernelOptions: OptionSet, Hashable, Sendable, Codable {
  /// One bit per option.
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `CONFIG_STRICT_KERNEL_RWX`: text and data have different protections.
  public static let strictKernelRWX = KernelOptions(rawValue: 1 << 0)
  /// `CONFIG_MODULES`: the modules area has page tables from boot on.
  public static let modules = KernelOptions(rawValue: 1 << 1)
  /// `CONFIG_MEMORY_HOTPLUG`: the memmap and the linear map have page tables from boot on.
  public static let memoryHotplug = KernelOptions(rawValue: 1 << 2)
  /// `CONFIG_KASAN`: the KASAN shadow has page tables from boot on.
  public static let kasan = KernelOptions(rawValue: 1 << 3)

  /// `alloc_pud_late` runs a constructor (`pagetable_pud_ctor`), as in kernels from 6.16 on.
  public static let pudConstructor = KernelOptions(rawValue: 1 << 4)
  /// `alloc_p4d_late` runs a constructor (`pagetable_p4d_ctor`), too.
  public static let p4dConstructor = KernelOptions(rawValue: 1 << 5)
  /// `vmemmap_populate` maps single pages (`vmemmap_populate_basepages`), as in 6.1.
  public static let memmapByPages = KernelOptions(rawValue: 1 << 6)
  /// `vmemmap_populate` passes no altmap on, as before commit e3ecf2fdc8f3.
  public static let memmapWithoutAltmap = KernelOptions(rawValue: 1 << 7)
  /// `vmemmap_check_pmd` treats a leaf PMD as populated, as the generic function of 7.2 does.
  public static let populatedIsLeaf = KernelOptions(rawValue: 1 << 8)
  /// Kernel page tables have neither constructor nor destructor, as in a series posted in July 2026.
  public static let plainTables = KernelOptions(rawValue: 1 << 9)

  /// The default options for the compilation of subjects.
  public static let standard: KernelOptions = [.strictKernelRWX, .modules, .memoryHotplug]

  /// The standard options, changed by the symbols that a kernel defines ("CONFIG_X", "CONFIG_X=1") and
  /// those that it undefines.
  public init(defines: [String], undefines: [String]) {
    self = .standard
    for define in defines {
      let parts = define.split(separator: "=", maxSplits: 1)
      guard let option = parts.first.flatMap({ Self(symbol: String($0)) }) else { continue }
      // `IS_ENABLED` requires the value 1; `#ifdef` accepts any value.
      let isSet = parts.count < 2 || parts[1] == "1" || option == .strictKernelRWX
      if isSet { insert(option) } else { remove(option) }
    }
    for symbol in undefines { Self(symbol: symbol).map { _ = remove($0) } }
  }

  /// The option of a configuration symbol that the surface tests; nil for any other symbol.
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
