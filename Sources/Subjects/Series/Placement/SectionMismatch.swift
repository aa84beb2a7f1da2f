// SPDX-License-Identifier: GPL-2.0-only

/// A reference from code that stays to code or data that is freed after boot: what the kernel's modpost
/// warns of as a section mismatch.
public struct SectionMismatch: Sendable, Hashable {
  /// The function that refers; a section's name where no symbol covers the place.
  public let from: String
  /// What it refers to.
  public let to: String
  /// The section of that: `.init.text`, `.init.data` or `.init.rodata`.
  public let section: String

  /// All of them in an object file, each once, by name.
  ///
  /// - Throws: one line for what is no object file.
  public static func all(inObject bytes: [UInt8]) throws(SectionError) -> [SectionMismatch] {
    do {
      return all(in: try ElfObject(bytes))
    } catch {
      throw SectionError("the compiler's object file cannot be read: \(error.message)")
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

  /// Code, and data that code reaches, as opposed to what is freed itself or only describes.
  private static func staysAfterBoot(_ section: String) -> Bool {
    section == ".text" || section.hasPrefix(".text.")
  }
}

/// Why nothing is known of sections.
public struct SectionError: Error, Sendable, Hashable {
  /// One line.
  public let message: String

  init(_ message: String) { self.message = message }
}

extension ElfObject {
  /// The function that covers an offset of a section.
  func symbol(at offset: UInt64, in section: Int) -> String? {
    symbols.first {
      $0.section == section && !$0.isSection && !$0.name.isEmpty && $0.value <= offset
        && offset - $0.value < max($0.size, 1)
    }?.name
  }

  /// What an addend to a section means: on x86 a call's is four less than the place.
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
