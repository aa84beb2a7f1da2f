// SPDX-License-Identifier: GPL-2.0-only

import Cases

extension DefectClass {
  /// Slips in the functions that the kernel core calls.
  static let entryPoints = [
    DefectClass(
      number: 38, title: "max_pfn falls",
      slip:
        "max_pfn is stored without a test whether it is higher already, or lowered by a removal.",
      harm: "Memory above it is no memory any more for all that ask it, e.g. /proc/kpagecount.",
      instance: "arm64, fixed by 89f43e1ce6f6", patch: "38-max-pfn-falls-with-removal",
      rule: "max-pfn"),
    DefectClass(
      number: 39, title: "max_pfn not updated",
      slip:
        "max_pfn is not moved by an add, moved to the size alone, or moved by an add that failed.",
      harm: "New memory lies above it and is passed over; or it covers memory that is not there.",
      instance: "arm64, fixed by 8fac67ca236b", patch: "39-max-pfn-not-updated", rule: "max-pfn"),
    DefectClass(
      number: 40, title: "a failed add keeps its mapping",
      slip: "When the core refuses the pages, the linear mapping made before is not removed.",
      harm: "Memory that is not there stays mapped, and its tables leak.",
      patch: "40-failed-add-keeps-mapping", rule: "failed-add-left"),
    DefectClass(
      number: 41, title: "the error is swallowed",
      slip: "arch_add_memory returns 0 though __add_pages failed.",
      harm: "The caller goes on as if the memory were there and uses a memmap that is not.",
      patch: "41-error-swallowed", rule: "core-call"),
    DefectClass(
      number: 42, title: "the linear map goes before the pages",
      slip: "remove_linear_mapping is called before __remove_pages.",
      harm: "The core touches memory whose mapping is gone already.",
      patch: "42-linear-map-removed-first", rule: "core-call"),
    DefectClass(
      number: 43, title: "the pages come before the mapping",
      slip: "__add_pages is called before the linear mapping is made.",
      harm: "The core initialises memory through a mapping that is not there: a fault.",
      patch: "43-pages-added-before-mapping", rule: "core-call"),
    DefectClass(
      number: 44, title: "mappable range off by one",
      slip: "The end of the mappable range is not the last byte, or comes from the wrong formula.",
      harm: "Memory that fits is refused, or memory is taken that no linear map reaches.",
      patch: "44-mappable-end-off-by-one", rule: "mappable-range"),
    DefectClass(
      number: 45, title: "the caller's protection is ignored",
      slip: "New memory is mapped with a protection by address, not with the one that was asked.",
      harm: "A device's memory is mapped with the wrong cache or access bits.",
      patch: "45-protection-by-address", rule: "add-unmapped"),
    DefectClass(
      number: 46, title: "count handed on wrongly",
      slip: "The node, the first page frame or the number of pages is handed on as something else.",
      harm: "The core adds or removes another range than the one that was asked.",
      patch: "46-end-handed-on-as-count", rule: "core-call"),
  ]

  /// Slips in the functions that create mappings.
  static let creation = [
    DefectClass(
      number: 47, title: "the map size ignores an alignment",
      slip: "The size of a leaf is chosen without a look at the virtual address, the length, or "
        + "debug_pagealloc.",
      harm: "A leaf maps more than was asked, or something else than was asked.",
      patch: "47-map-size-ignores-va", rule: "answer"),
    DefectClass(
      number: 48, title: "an existing leaf is overwritten",
      slip:
        "An entry is written without a test whether it is zero, or a leaf is walked as a table.",
      harm: "A mapping that is in use changes under its user, or its memory is written as a table.",
      patch: "48-pte-overwrites", rule: "outside-changed"),
    DefectClass(
      number: 49, title: "a new table is not zeroed",
      slip: "A table is linked with what its page held before.",
      harm: "Phantom entries: walks find mappings that nobody made.",
      patch: "49-pte-table-not-zeroed", rule: "table-not-zeroed"),
    DefectClass(
      number: 50, title: "\"already populated\" for a table",
      slip:
        "A PMD that leads to a table of single pages is reported as populated, however many of its "
        + "pages are there.",
      harm:
        "The memmap has a hole, and the first use of a struct page in it is an oops. Upstream's own "
        + "text does it, so it cannot be a difference: the oracle reports a hazard.",
      instance: "abff0ecf7602", rule: "memmap-hole"),
    DefectClass(
      number: 51, title: "preallocation without the wrap test",
      slip: "The loop over the root's slots has no test for the end of the address space.",
      harm: "It starts again at address 0 and never ends.",
      patch: "51-no-wrap-test", rule: "kernel-stopped"),
    DefectClass(
      number: 52, title: "the altmap is not handed on",
      slip:
        "vmemmap_populate or arch_remove_memory calls on without the altmap or pgmap that it got.",
      harm:
        "The memmap takes RAM although it was to lie on the device, or is given back to the wrong "
        + "owner.",
      instance: "riscv, fixed by e3ecf2fdc8f3", patch: "52-altmap-not-handed-on",
      rule: "memmap-backing"),
  ]
}
