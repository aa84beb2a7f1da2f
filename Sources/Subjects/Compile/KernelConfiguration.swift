// SPDX-License-Identifier: GPL-2.0-only

/// The kernel configuration for subjects: the symbols that a RISC-V kernel with memory hotplug and
/// hot-remove needs, per arch/riscv/Kconfig and mm/Kconfig.
public enum KernelConfiguration {
  /// Symbols that are defined as 1.
  public static let enabled = [
    "CONFIG_64BIT",
    "CONFIG_MMU",
    "CONFIG_RISCV",
    "CONFIG_SMP",
    "CONFIG_MEMORY_HOTPLUG",
    "CONFIG_MEMORY_HOTREMOVE",
    "CONFIG_SPARSEMEM",
    "CONFIG_SPARSEMEM_VMEMMAP",
    "CONFIG_ZONE_DEVICE",
    "CONFIG_TRANSPARENT_HUGEPAGE",
    "CONFIG_STRICT_KERNEL_RWX",
    "CONFIG_MODULES",
  ]

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
