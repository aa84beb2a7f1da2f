// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The present parts of memory sections: the state of `struct mem_section` in mm/sparse.c that memory
/// hotplug depends on.
extension Machine {
  /// The action for the memmap when a part of a section is added.
  enum SectionAdded {
    case populate
    /// The memmap exists: the part belongs to a boot-time section, and does not cover it whole.
    case isThere
    /// The part is already present (-EEXIST).
    case isPresent
    /// No room remains for another section (-ENOMEM).
    case noRoom
  }

  /// The action for the memmap when a part of a section is removed.
  enum SectionRemoved {
    /// The part is not present, and nothing changed.
    case notThere
    /// The part's memmap is unmapped with the altmap of the removal.
    case free
    /// The memmap stays, because other parts of a boot-time section are present.
    case keep
    /// The memmap of the whole section is unmapped, without an altmap.
    case freeBoot
  }

  /// Adds a part of one section (`fill_subsection_map`, and the test of `section_activate` for boot
  /// memory).
  mutating func addSection(pfn: UInt64, pages: UInt64) -> SectionAdded {
    let number = pfn >> SectionState.pagesShift
    let bits = SectionState.bits(pfn: pfn, pages: pages)
    let place = place(ofSection: number)
    guard holds(place, number) else {
      guard sections.count < SectionState.capacity else { return .noRoom }
      sections.insert(SectionState(number: number, subsections: bits), at: place)
      return .populate
    }
    guard sections[place].subsections & bits == 0 else { return .isPresent }
    sections[place].subsections |= bits
    return sections[place].isEarly && pages < SectionState.pages ? .isThere : .populate
  }

  /// Removes a part of one section (`clear_subsection_map`, and the decision of `section_deactivate`). A
  /// section without a present part is no longer boot memory.
  mutating func removeSection(pfn: UInt64, pages: UInt64) -> SectionRemoved {
    let number = pfn >> SectionState.pagesShift
    let bits = SectionState.bits(pfn: pfn, pages: pages)
    let place = place(ofSection: number)
    guard holds(place, number), sections[place].subsections & bits == bits else {
      return .notThere
    }
    let isEarly = sections[place].isEarly
    sections[place].subsections &= ~bits
    guard sections[place].subsections == 0 else { return isEarly ? .keep : .free }
    sections.remove(at: place)
    return isEarly ? .freeBoot : .free
  }

  /// The index of a section, or of the first one behind it.
  private func place(ofSection number: UInt64) -> Int {
    var low = 0
    var high = sections.count
    while low < high {
      let middle = (low + high) / 2
      if sections[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func holds(_ place: Int, _ number: UInt64) -> Bool {
    place < sections.count && sections[place].number == number
  }
}
