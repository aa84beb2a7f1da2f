// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// Devices with their memmap in RAM and with compound pages (device DAX). The memmap consists of single
  /// pages, two for each compound page, and most entries map the second one.
  mutating func addSharedMemmaps() {
    let start = Memory.onSection
    addDAX(
      "a-section",
      "128 MiB of a device on 2 MiB pages are added and removed: its PTE table shows H2.", start,
      Memory.section)
    addDAX(
      "two-sections",
      "256 MiB of a device on 2 MiB pages are added and removed, with two PTE tables.", start,
      2 * Memory.section)
    addLife("dax-again", "A second add of the device makes new shared pages.") {
      $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
      for _ in 0..<2 {
        $0.add(start, Memory.section, pgmap: 1)
        $0.removeMemory(start, Memory.section, pgmap: 1)
      }
      $0.add(start, Memory.section, pgmap: 1)
    }
    addDAXParts()
    addDAXSizes()
    addDAXShortages()
  }

  private mutating func addDAX(
    _ name: String, _ purpose: String, _ start: UInt64, _ size: UInt64, shift: Int = 9
  ) {
    addLife("dax-\(name)", purpose, at: start) {
      $0.pgmaps = [Scenario.Pgmap(vmemmapShift: shift)]
      $0.add(start, size, pgmap: 1)
      $0.removeMemory(start, size, pgmap: 1)
    }
  }

  private mutating func addDAXParts() {
    let start = Memory.onSection
    let half: UInt64 = 0x400_0000
    addLife(
      "dax-half-a-section", "64 MiB are added and removed, with the PTE table that they half fill."
    ) {
      $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
      $0.add(start + half, half, pgmap: 1)
      $0.removeMemory(start + half, half, pgmap: 1)
    }
    addLife(
      "dax-neighbours",
      "Two devices of 64 MiB share a section, and the memmap of each is freed alone."
    ) {
      $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
      $0.add(start, half, pgmap: 1)
      $0.add(start + half, half, pgmap: 1)
      $0.removeMemory(start, half, pgmap: 1)
      $0.removeMemory(start + half, half, pgmap: 1)
    }
  }

  /// Compound pages of other sizes: the smallest that share, one that spans sections, and too small ones.
  private mutating func addDAXSizes() {
    let start = Memory.onSection
    addDAX(
      "shift-7",
      "A compound of 512 KiB has two pages of memmap, and nothing to share: a leaf a section.",
      start, Memory.section, shift: 7)
    addDAX(
      "shift-8", "Compounds of 1 MiB share: every second page of the memmap is mapped twice more.",
      start, 0x400_0000, shift: 8)
    addDAX(
      "shift-16",
      "Compound pages of 256 MiB span two sections; the second maps the page before it.",
      start, 2 * Memory.section, shift: 16)
    addDAX(
      "part-of-a-compound", "Half a compound of 256 MiB has half of its memmap.", start,
      Memory.section, shift: 16)
    // The pgmap that the call names decides.
    addLife("dax-second-pgmap", "The second of two pgmaps belongs to a device that shares.") {
      $0.pgmaps = [Scenario.Pgmap(), Scenario.Pgmap(vmemmapShift: 9)]
      $0.add(start, Memory.section, pgmap: 1)
      $0.add(start + Memory.section, Memory.section, pgmap: 2)
      $0.removeMemory(start, 2 * Memory.section, pgmap: 2)
    }
    addLife("dax-altmap", "A device that holds its memmap in itself shares nothing.") {
      $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
      let altmap = $0.altmap(device: start, size: Memory.section, free: 0x200)
      $0.add(start, Memory.section, altmap: altmap, pgmap: 1)
      $0.removeMemory(start, Memory.section, altmap: altmap, pgmap: 1)
    }
  }

  /// Memory runs out while the memmap is populated. The tables below the root exist. On Sv48 and Sv57 the
  /// other tables for the linear map and the memmap come first.
  private mutating func addDAXShortages() {
    let start = Memory.onSection
    let above = UInt32(mode.levelCount - 3) * 2
    // The pte table, then two pages for each compound page: here a head, a tail, and the head of the 33rd.
    for (name, number) in [("table", 1), ("head", 2), ("tail", 3), ("middle", 66)] {
      addLife(
        "dax-\(name)-fails",
        "No memory for the \(name) of a shared memmap: the new part is removed again."
      ) {
        $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
        $0.injected.failingAllocation = above + UInt32(number)
        $0.add(start, Memory.section, pgmap: 1)
      }
    }
    addLife(
      "dax-second-section-fails", "The second section of a device finds no memory: the first stays."
    ) {
      $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
      $0.injected.failingAllocation = above + 129 + 1
      $0.add(start, 2 * Memory.section, pgmap: 1)
    }
  }
}
