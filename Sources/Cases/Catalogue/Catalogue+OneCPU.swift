// SPDX-License-Identifier: GPL-2.0-only

import Machine

// Cases of the groups above, on the other machine: one CPU, before init runs. The kernel's functions do the same
// there, except that a flush of the current CPU reaches all CPUs. A text that asks for the number of CPUs, the current
// one or the state of the system takes its other branch.
extension CatalogueBuilder {
  /// The cases that are repeated, by group. A mode may lack some.
  private static let withOneCPU: [(group: String, cases: [String])] = [
    ("storage", ["allocator-4k", "reserved-8k", "altmap-2m"]),
    ("free-pte-table", ["empty-hot-added", "kept-for-slot-511"]),
    ("free-pmd-table", ["empty-hot-added", "empty-vmemmap-as-vmemmap", "kept-for-slot-0"]),
    ("free-pud-table", ["empty-hot-added", "kept-for-slot-0"]),
    ("remove-pte-mapping", ["linear-holes", "vmemmap-mixed"]),
    ("remove-pmd-mapping", ["linear-leaf-table-leaf", "vmemmap-leaf-table-leaf"]),
    (
      "remove-pud-mapping",
      ["linear-leaf-below", "vmemmap-page-below", "linear-two-entries", "vmemmap-two-entries"]
    ),
    (
      "remove-p4d-mapping",
      ["linear-leaf-below", "vmemmap-page-below", "linear-two-entries", "vmemmap-two-entries"]
    ),
    ("remove-pgd-mapping", ["linear-across-pmd-pages", "vmemmap-across-pmd-pages"]),
    ("remove-linear-mapping", ["a-section", "nothing"]),
    ("arch-get-mappable-range", ["plain"]),
    ("arch-add-memory", ["2m", "2m-enomem", "above-max-pfn", "altmap"]),
    ("arch-remove-memory", ["2m", "altmap", "nothing"]),
    ("vmemmap-free", ["a-section", "altmap-and-tables", "empty-range"]),
    ("best-map-size", ["pmd-exact", "pmd-debug-pagealloc"]),
    ("create-pte-mapping", ["leaf-into-empty", "leaf-kept"]),
    ("create-pmd-mapping", ["leaf-into-empty", "page-into-empty"]),
    ("create-pud-mapping", ["leaf-into-empty", "page-into-empty"]),
    ("create-p4d-mapping", ["leaf-into-empty", "page-into-empty"]),
    ("create-pgd-mapping", ["leaf-into-empty", "page-into-empty"]),
    ("create-linear-mapping-range", ["2m-and-a-page", "page-kept"]),
    ("pgprot-from-va", ["text-first", "alias-first", "hot-added"]),
    ("alloc-pte-late", ["plain", "no-memory"]), ("alloc-pmd-late", ["plain", "no-memory"]),
    ("alloc-pud-late", ["plain", "no-memory"]), ("alloc-p4d-late", ["plain", "no-memory"]),
    ("get-pte-virt-late", ["hot-added"]), ("get-pmd-virt-late", ["hot-added"]),
    ("get-pud-virt-late", ["hot-added"]), ("get-p4d-virt-late", ["hot-added"]),
    ("preallocate-pgd-pages-range", ["one-slot", "middle-is-there", "memory-for-0-tables"]),
    ("pgtable-cache-init", ["plain"]),
    ("vmemmap-set-pmd", ["block"]), ("vmemmap-check-pmd", ["word", "leaf"]),
    ("vmemmap-populate", ["a-section", "allocation-2-fails", "altmap-enough"]),
    ("vmemmap-populate-hugepages", ["a-section", "allocation-2-fails", "altmap-enough"]),
    ("lifecycle", ["add-remove-a-section"]),
  ]

  mutating func addOneCPU() {
    let made = Dictionary(uniqueKeysWithValues: scenarios.map { ($0.id, $0) })
    for (group, cases) in Self.withOneCPU {
      for name in cases {
        guard var scenario = made["\(group)/\(name)"] else { continue }
        scenario.id = "one-cpu/\(group)-\(name)"
        scenario.purpose = "The same with one CPU, while the kernel still starts its drivers."
        scenario.globals.isUniprocessor = true
        add(scenario)
      }
    }
  }
}
