// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

extension PredictedStep {
  /// The change of `nr_page_table_pages`: the constructors that ran minus the destructors.
  var pageTableBalance: Int64 {
    events.reduce(0) { sum, event in
      switch EventKind(rawValue: event.kind) {
      case .construct: sum + 1
      case .destruct: sum - 1
      default: sum
      }
    }
  }

  /// The change of `nr_memmap_pages`: pages for the memmap of memory that became present, minus those of
  /// memory that is no longer present (`section_nr_vmemmap_pages` of mm/sparse-vmemmap.c).
  ///
  /// - Parameters:
  ///   - before: the sections before the step.
  ///   - sharedShift: log2 of the pages of a compound page whose memmap shares its tail pages, or nil.
  func memmapBalance(from before: [SectionState], sharedShift: UInt64?) -> Int64 {
    Self.memmapPages(observations.last?.sections ?? before, sharedShift)
      - Self.memmapPages(before, sharedShift)
  }

  /// The memmap of boot sections is counted elsewhere. A compound page with a shared memmap keeps two pages
  /// (`VMEMMAP_RESERVE_NR`).
  private static func memmapPages(_ sections: [SectionState], _ sharedShift: UInt64?) -> Int64 {
    sections.reduce(0) { sum, section in
      guard !section.isEarly else { return sum }
      let pages = UInt64(section.subsections.nonzeroBitCount) * SectionState.subsectionPages
      if let sharedShift { return sum + Int64((2 * pages) >> sharedShift) }
      return sum + Int64((pages * AddressLayout.structPageSize) >> AddressLayout.pageShift)
    }
  }

  /// The expected warning: any that the model records, or the one of `memunmap_pages` when memory did not
  /// return to an altmap after a failed add; nil when none is expected.
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

/// A kernel's messages, line by line.
struct KernelMessages {
  let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  /// The text of the first warning; nil without one.
  var warning: String? {
    guard let place = lines.firstIndex(where: { $0.contains("WARNING: ") }) else { return nil }
    return Self.text(lines[place])
  }

  /// The first six lines that name a stop or an error, without registers and stacks.
  var telling: [String] {
    let marks = [
      "Unable to handle kernel", "kernel BUG at", "Kernel panic", "Oops", "WARNING: ",
      "failed to free all reserved pages", "probe of", "failed with error", "vmstat_refresh",
    ]
    return lines.filter { line in marks.contains { line.contains($0) } }.prefix(6).map(Self.text)
  }

  /// A line without its timestamp.
  private static func text(_ line: String) -> String {
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return line }
    return String(line[line.index(after: end)...].drop { $0 == " " })
  }
}
