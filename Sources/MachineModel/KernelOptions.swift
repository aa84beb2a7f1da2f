// SPDX-License-Identifier: GPL-2.0-only

/// What a kernel is like, beside the text of the surface, that the surface behaves by: options of its
/// configuration, and what its era does to page tables.
public struct KernelOptions: OptionSet, Hashable, Sendable, Codable {
  /// One bit an option.
  public let rawValue: UInt8

  /// The set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

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
