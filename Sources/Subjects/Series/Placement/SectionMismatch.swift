// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A reference from code that stays to code or data that the kernel frees after boot. The kernel's modpost
/// reports it as a section mismatch.
public struct SectionMismatch: Sendable, Hashable {
  /// The function with the reference; the section's name if no symbol covers the place.
  public let from: String
  /// The target of the reference: a symbol, or the section's name if no symbol matches.
  public let to: String
  /// The target's section: `.init.text`, `.init.data` or `.init.rodata`.
  public let section: String

  /// All mismatches in an object file, each once, sorted by name.
  ///
  /// - Throws: one line if the bytes are not an object file.
  public static func all(inObject bytes: [UInt8]) throws(Failure) -> [SectionMismatch] {
    do {
      return all(in: try ElfObject(bytes))
    } catch {
      throw Failure(.unreadable, "the compiler's object file cannot be read: \(error.message)")
    }
  }

  static func all(in object: ElfObject) -> [SectionMismatch] {
    var found: Set<SectionMismatch> = []
    for relocation in object.relocations {
      let place = object.sections[relocation.section].name
      let symbol = object.symbols[relocation.symbol]
      guard staysAfterBoot(place), let target = symbol.section,
        isFreed(object.sections[target].name)
      else { continue }
      let name = object.sections[target].name
      found.insert(
        SectionMismatch(
          from: object.symbol(at: relocation.offset, in: relocation.section) ?? place,
          to: symbol.isSection
            ? object.symbol(near: relocation.addend, in: target) ?? name : symbol.name,
          section: name))
    }
    return found.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  private static func isFreed(_ section: String) -> Bool {
    section.hasPrefix(".init.")
  }

  /// Whether a section contains code that stays after boot.
  private static func staysAfterBoot(_ section: String) -> Bool {
    section == ".text" || section.hasPrefix(".text.")
  }
}

extension ElfObject {
  /// The symbol that covers an offset of a section.
  func symbol(at offset: UInt64, in section: Int) -> String? {
    symbols.first {
      $0.section == section && !$0.isSection && !$0.name.isEmpty && $0.value <= offset
        && offset - $0.value < max($0.size, 1)
    }?.name
  }

  /// The symbol for an addend to a section. On x86, the addend of a call is four less than the place.
  func symbol(near addend: Int64, in section: Int) -> String? {
    for distance: Int64 in [0, 4, 5] {
      let (place, isOut) = addend.addingReportingOverflow(distance)
      guard !isOut, place >= 0 else { continue }
      if let name = symbols.first(where: {
        $0.section == section && !$0.isSection && !$0.name.isEmpty && $0.value == UInt64(place)
      })?.name {
        return name
      }
    }
    return nil
  }
}
