// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Which parts of which memory sections are present: what mm/sparse.c keeps in `struct mem_section`,
/// as far as adding and removing memory goes by it.
extension Machine {
  /// What becomes of the memmap of a part of a section that is added.
  enum SectionAdded {
    case populate
    /// It is there: the section is boot memory's, and was added in part.
    case isThere
    /// The part is present already (-EEXIST).
    case isPresent
    /// There is no room for another section (-ENOMEM).
    case noRoom
  }

  /// What becomes of the memmap of a part of a section that is removed.
  enum SectionRemoved {
    /// The part is not present: nothing was changed.
    case notThere
    /// It is unmapped with the altmap of the removal.
    case free
    /// It is kept: other parts of a boot-time section are present.
    case keep
    /// The whole section's goes, without an altmap.
    case freeBoot
  }

  /// A part of one section comes (`fill_subsection_map`, and the test of `section_activate` for boot
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

  /// A part of one section goes (`clear_subsection_map`, and what `section_deactivate` decides). A
  /// section of which nothing is left is boot memory's no more.
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

  /// The place of a section, or that of the first behind it.
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
