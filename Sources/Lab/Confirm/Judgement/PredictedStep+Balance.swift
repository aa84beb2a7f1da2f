// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

extension PredictedStep {
  /// By how much `nr_page_table_pages` changes: constructors that ran minus destructors.
  var pageTableBalance: Int64 {
    events.reduce(0) { sum, event in
      switch EventKind(rawValue: event.kind) {
      case .construct: sum + 1
      case .destruct: sum - 1
      default: sum
      }
    }
  }

  /// By how much `nr_memmap_pages` changes: pages that hold the memmap of what became present, minus those of
  /// what is present no more (`section_nr_vmemmap_pages` of mm/sparse-vmemmap.c).
  ///
  /// - Parameters:
  ///   - before: the sections before the step.
  ///   - sharedShift: log2 of the pages of a compound whose memmap shares its tail pages; nil where none does.
  func memmapBalance(from before: [SectionState], sharedShift: UInt64?) -> Int64 {
    Self.memmapPages(observations.last?.sections ?? before, sharedShift)
      - Self.memmapPages(before, sharedShift)
  }

  /// Memmap of sections that were there at boot is counted elsewhere. A compound that shares keeps two pages
  /// (`VMEMMAP_RESERVE_NR`).
  private static func memmapPages(_ sections: [SectionState], _ sharedShift: UInt64?) -> Int64 {
    sections.reduce(0) { sum, section in
      guard !section.isEarly else { return sum }
      let pages = UInt64(section.subsections.nonzeroBitCount) * SectionState.subsectionPages
      if let sharedShift { return sum + Int64((2 * pages) >> sharedShift) }
      return sum + Int64((pages * AddressLayout.structPageSize) >> AddressLayout.pageShift)
    }
  }

  /// The warning that the generic code gives when memory did not come back from an altmap after an add that
  /// failed (`memunmap_pages`); nil when there is none to be expected.
  var expectedWarning: String? {
    if events.contains(where: { $0.kind == EventKind.warn.rawValue }) {
      return "a warning of the generic code"
    }
    guard outcome == .refused, step.action == .add,
      observations.last?.altmapAllocs.contains(where: { $0 != 0 }) == true
    else { return nil }
    return "a warning that reserved pages were not freed"
  }
}

/// What a kernel said, line by line.
struct KernelMessages {
  let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  /// The first warning's own words; nil without one.
  var warning: String? {
    guard let place = lines.firstIndex(where: { $0.contains("WARNING: ") }) else { return nil }
    return Self.text(lines[place])
  }

  /// The lines that say what stopped or went wrong, without registers and stacks.
  var telling: [String] {
    let marks = [
      "Unable to handle kernel", "kernel BUG at", "Kernel panic", "Oops", "WARNING: ",
      "failed to free all reserved pages", "probe of", "failed with error", "vmstat_refresh",
    ]
    return lines.filter { line in marks.contains { line.contains($0) } }.prefix(6).map(Self.text)
  }

  /// A line without its time.
  private static func text(_ line: String) -> String {
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return line }
    return String(line[line.index(after: end)...].drop { $0 == " " })
  }
}
