// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// A running kernel's state, as the state of a machine for the model: the kernel's own tables, moved to the
/// pages of the pool.
struct LiftedKernel {
  /// The state, without operations and altmaps.
  let image: MachineImage
  /// The kernel's PFN of each table, by number.
  let kernelPFNs: [UInt64]

  /// Lifts the state of a kernel before the first step of a case.
  init(_ recording: KernelRecording, layout: AddressLayout, bits: EntryBits) {
    let tables = recording.start.tables
    kernelPFNs = tables.map(\.pfn)
    var numbers: [UInt64: Int] = [:]
    for (number, table) in tables.enumerated() { numbers[table.pfn] = number }
    let moved = tables.enumerated().map { number, table in
      TableWords(table).words.enumerated().map { slot, word in
        guard table.level != .pte, bits.isTable(word), let next = numbers[bits.pfn(of: word)] else {
          return word
        }
        return (word & ~bits.pfnMask) | (Pool.pfn(ofTable: next, in: layout) << bits.pfnShift)
      }
    }
    image = MachineImage(
      layout: layout,
      tables: tables.map {
        TableState(
          level: $0.level, owner: $0.isReserved == false ? .allocator : .reserved,
          isConstructed: $0.isConstructed == true)
      },
      runs: moved.enumerated().flatMap { number, words in
        TableCapture.runs(of: words).map {
          TableRun(
            table: UInt32(number), slot: UInt16($0.slot), count: UInt16($0.count), word: $0.word,
            step: $0.step)
        }
      },
      frames: Self.bootMemmap(recording.confirmCase, moved, layout: layout, bits: bits),
      hasLiveCore: true, sections: Self.sections(recording.confirmCase.boot),
      maxPFN: recording.start.maxPFN, maxLowPFN: recording.start.maxLowPFN)
  }

  /// The reserved pages behind the boot memmap, as far as the case can reach them.
  private static func bootMemmap(
    _ confirmCase: ConfirmCase, _ tables: [[UInt64]], layout: AddressLayout, bits: EntryBits
  ) -> [FrameRange] {
    let windows = confirmCase.regions.map {
      RegionAddresses($0, layout: layout).sectionMemmap
    }
    let leaves = PageTableWalk(tables, layout: layout, bits: bits).entries.filter {
      $0.kind == .leaf && layout.touches(windows, from: $0.address, at: $0.level)
    }
    var ranges: [FrameRange] = []
    for leaf in leaves.sorted(by: { bits.pfn(of: $0.word) < bits.pfn(of: $1.word) }) {
      let first = bits.pfn(of: leaf.word)
      let end = first + (layout.size(of: leaf.level) >> AddressLayout.pageShift)
      if let last = ranges.last, first < last.pfn + last.count {
        ranges[ranges.count - 1].count = max(last.count, end - last.pfn)
      } else {
        ranges.append(FrameRange(pfn: first, count: end - first, owner: .reserved))
      }
    }
    return ranges
  }

  /// The sections of the kernel's boot memory.
  private static func sections(_ boot: [ConfirmCase.Extent]) -> [SectionState] {
    var bits: [UInt64: UInt64] = [:]
    for extent in boot {
      var pfn = extent.base >> AddressLayout.pageShift
      let end = extent.end >> AddressLayout.pageShift
      while pfn < end {
        let next = min(end, (pfn | (SectionState.pages - 1)) + 1)
        bits[pfn >> SectionState.pagesShift, default: 0] |= SectionState.bits(
          pfn: pfn, pages: next - pfn)
        pfn = next
      }
    }
    return bits.sorted { $0.key < $1.key }.filter { $0.value != 0 }.map {
      SectionState(number: $0.key, subsections: $0.value, isEarly: true)
    }
  }
}

/// The words of a recorded table, all 512.
struct TableWords {
  private(set) var words = [UInt64](repeating: 0, count: Pool.wordsPerPage)

  /// A recording may be untrusted: runs for slots that no table has are ignored.
  init(_ table: KernelTable) {
    for run in table.runs where run.slot >= 0 && run.count > 0 {
      for place in 0..<min(run.count, max(0, Pool.wordsPerPage - run.slot)) {
        words[run.slot + place] = run.word &+ UInt64(place) &* run.step
      }
    }
  }
}
