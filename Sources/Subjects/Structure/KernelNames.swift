// SPDX-License-Identifier: GPL-2.0-only

/// Names of the kernel that are easily confused.
package enum KernelNames {
  private static let levels = ["pte", "pmd", "pud", "p4d", "pgd"]
  private static let units = ["PAGE", "PMD", "PUD", "P4D", "PGDIR"]
  private static let quantities = ["SIZE", "SHIFT", "MASK"]
  private static let families: [[String]] = [
    ["PTRS_PER_PTE", "PTRS_PER_PMD", "PTRS_PER_PUD", "PTRS_PER_P4D", "PTRS_PER_PGD"],
    ["pgtable_l4_enabled", "pgtable_l5_enabled"],
    ["max_pfn", "max_low_pfn"],
    ["PFN_UP", "PFN_DOWN", "PHYS_PFN", "PFN_PHYS"],
    ["__va", "__pa"],
    ["min", "max"],
  ]

  /// The names that could replace a name by mistake; the compiler decides which of them are possible.
  package static func twins(of name: String) -> [String] {
    if let family = families.first(where: { $0.contains(name) }) {
      return family.filter { $0 != name }
    }
    let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return [] }
    if units.contains(parts[0]), quantities.contains(parts[1]) {
      return units.filter { $0 != parts[0] }.map { "\($0)_\(parts[1])" }
        + quantities.filter { $0 != parts[1] }.map { "\(parts[0])_\($0)" }
    }
    // ptep_get() and similar names have one more letter.
    let isPointer = parts[0].count == 4 && parts[0].hasSuffix("p")
    let level = isPointer ? String(parts[0].dropLast()) : parts[0]
    guard levels.contains(level), parts[1] != "t" else { return [] }
    return levels.filter { $0 != level }.map { "\($0)\(isPointer ? "p" : "")_\(parts[1])" }
  }
}
