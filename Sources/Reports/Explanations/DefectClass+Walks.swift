// SPDX-License-Identifier: GPL-2.0-only

import Cases

extension DefectClass {
  /// Slips in the walk through the tables.
  static let walks = [
    DefectClass(
      number: 1, title: "a folded level is indexed",
      slip:
        "The entry of a level that the paging mode folds away is the base itself; the text adds "
        + "the address's index to it once more, and lands in a slot outside the table.",
      harm: "What lies behind the table is read as an entry and may be cleared: memory of somebody "
        + "else is lost, or the kernel stops at an address that is none.",
      instance: "c75a74f4ba19 as merged, fixed by a0188cc13369", patch: "undo-a0188cc13369",
      rule: "walked-outside"),
    DefectClass(
      number: 2, title: "the wrong level's index or shift",
      slip: "An entry is found by the index of another level.",
      harm: "The wrong entry is changed: what was to go stays, and what was to stay goes.",
      patch: "02-pmd-indexed-by-pte-bits", rule: "translation-remains"),
    DefectClass(
      number: 3, title: "an indexed base is indexed again",
      slip:
        "A pointer that an offset macro already moved to the entry is moved by the index again.",
      harm:
        "The slot is up to twice as far as it should be: inside the table the wrong entry, beyond "
        + "it foreign memory.",
      patch: "03-pmd-offset-of-the-address", rule: "walked-outside"),
    DefectClass(
      number: 4, title: "the leaf test is constant",
      slip:
        "The test whether an entry maps memory itself always says no, e.g. because it belongs to a "
        + "feature that is not configured.",
      harm: "Mapped memory is walked as if it were a table of entries.",
      patch: "04-pmd-leaf-test-of-hugetlb", rule: "walked-outside"),
    DefectClass(
      number: 5, title: "leaf tested before present",
      slip: "The leaf bits of an entry are looked at before it is known to be present.",
      harm:
        "Garbage in an entry that is not present is taken for a leaf, and the page that it names is "
        + "freed.",
      patch: "05-pud-leaf-bits-before-present", rule: "foreign-page-freed"),
    DefectClass(
      number: 6, title: "a hole stops the loop",
      slip: "A walk ends at the first entry that is not present, where it was to go on behind it.",
      harm: "The rest of the range stays mapped, to memory that is gone.",
      patch: "06-pmd-hole-ends-walk", rule: "translation-remains"),
    DefectClass(
      number: 7, title: "a sub-range takes more than itself",
      slip: "The range of a part of a memmap is rounded out to whole huge leaves.",
      harm: "The memmap of a neighbour is unmapped, and its next use is an oops.",
      instance: "arm64, fixed by d4234d131b0a", patch: "07-vmemmap-rounded-out",
      rule: "outside-changed"),
    DefectClass(
      number: 8, title: "a linear range takes its neighbour",
      slip: "The range of the linear map that goes is longer than the memory that goes.",
      harm: "Memory that stays loses its mapping: the next access to it is a fault.",
      instance: "arm64, fixed by 95a58852b0e5", patch: "08-linear-end-rounded-up",
      rule: "outside-changed"),
    DefectClass(
      number: 9, title: "a partly covered leaf is skipped",
      slip: "A leaf of which the range covers only a part is left alone.",
      harm: "A stale mapping of removed memory stays and can be used.",
      patch: "09-pmd-leaf-part-skipped", rule: "translation-remains"),
    DefectClass(
      number: 10, title: "a leaf of a folded level is cleared",
      slip:
        "Where a level is folded its entry is the parent's, and a leaf in it is not the walk's to "
        + "clear; the text clears it.",
      harm: "Far more than the range loses its mapping: all that the parent's leaf maps.",
      patch: "10-pud-folded-leaf-cleared", rule: "outside-changed"),
    DefectClass(
      number: 11, title: "the step is not clamped to the end",
      slip:
        "The end that is handed to the level below is that of the whole entry, not of the range.",
      harm: "The walk runs beyond the range and clears what lies behind it.",
      patch: "11-pmd-next-not-clamped", rule: "outside-changed"),
    DefectClass(
      number: 12, title: "one entry too many",
      slip: "A loop runs with <= in place of <.",
      harm: "The entry behind the last is read or cleared; a loop to the top of the address space "
        + "never ends.",
      patch: "12-pte-table-slot-512", rule: "walked-outside"),
  ]

  /// Slips in TLB flushes and fences.
  static let translationCache = [
    DefectClass(
      number: 35, title: "no flush",
      slip: "The walk changes entries and nothing flushes the TLB afterwards.",
      harm: "Harts go on reaching removed memory through translations that they cached.",
      patch: "35-no-flush-after-removal", rule: "flush-missing"),
    DefectClass(
      number: 36, title: "too short a flush",
      slip:
        "The flush is made on a condition, on one hart, or for a shorter range than was changed.",
      harm: "Stale translations stay in use for what it leaves out.",
      patch: "36-flush-of-an-empty-range", rule: "flush-missing"),
    DefectClass(
      number: 37, title: "no fence after adding to the memmap",
      slip: "New entries of the memmap are not followed by a fence.",
      harm:
        "A hart that cached the absence of a mapping faults once, for nothing. None of the functions "
        + "that are checked has this fence, so no case can show it.",
      instance: "riscv, 4edd70ee6a7d"),
  ]
}
