// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// What calls of a subject's functions can run and read, by the object file that its shared object is linked from. Each
/// function is a section there (`-ffunction-sections`), and relocations lead from one section to the next.
///
/// All data count, whole and in their order, because a read beyond an array stays among them. Of the code counts what
/// the data, the dispatcher and the entries of the functions that are called lead to. The dispatcher's table of entries
/// is data, too, and it alone is followed in part: the harness passes no number of a function that it does not call.
///
/// The object is untrusted, and nothing here believes what it says of itself. Two objects with the same answer give
/// the linker the same code and data to lay out. If one of them comes from an honest text, whose dispatcher is the
/// harness's own, calls of these functions run the same code in both, whatever else the other one contains. An object
/// with anything that a plain one does not have has no answer.
package struct RunnableCode: Sendable {
  private enum Role: Sendable {
    case code, data
    /// It is not part of what is loaded.
    case nothing
  }

  /// A place in a section of data.
  private struct Place: Sendable {
    let section: Int
    let offset: UInt64
  }

  /// Facts of the format (ELF-64 Object File Format, sections 3 to 6).
  private enum Format {
    static let programBits: UInt32 = 1
    static let symbolTable: UInt32 = 2
    static let relocationsWithAddends: UInt32 = 4
    static let note: UInt32 = 7
    static let noBits: UInt32 = 8
    static let writable: UInt64 = 1
    static let allocated: UInt64 = 2
    static let executable: UInt64 = 4
    /// Strings and constants of which the linker keeps one.
    static let merged: UInt64 = 0x30
    /// Besides `merged`: a link to another section, and what no linker copies.
    static let unloaded: UInt64 = 0x8000_0070
    static let object: UInt8 = 1
    static let function: UInt8 = 2
    static let section: UInt8 = 3
    static let file: UInt8 = 4
    static let pointerBytes: UInt64 = 8
  }

  /// The names of sections that are not loaded.
  private static let unloaded: Set = [
    "", ".strtab", ".shstrtab", ".symtab", ".comment", ".note.GNU-stack", ".llvm_addrsig",
    ".riscv.attributes",
  ]
  /// The types of these sections: none, contents, symbols, strings, clang's list of symbols, RISC-V's attributes.
  private static let unloadedTypes: Set<UInt32> = [0, 1, 2, 3, 0x6fff_4c03, 0x7000_0003]
  /// Sections with these names, or with these and another word behind a dot, have no meaning of their own to a linker.
  private static let dataNames = [".data", ".rodata", ".bss"]
  private static let codeName = ".text"

  /// Symbols with a meaning of their own: functions that run when the object is loaded, and the linker's tables.
  private static let reserved: Set = [
    "_init", "_fini", "_DYNAMIC", "_GLOBAL_OFFSET_TABLE_", "_PROCEDURE_LINKAGE_TABLE_",
  ]

  /// A subject's object has some ten kilobytes.
  private static let mostBytes = 16 << 20

  private let bytes: [UInt8]
  private let object: ElfObject
  /// The sections of data, in order.
  private let data: [Int]
  /// By section, in the order of the file.
  private let relocations: [Int: [ElfObject.Relocation]]
  /// The table of entries, by function number, and the table that the loader looks for.
  private let entries: Place
  private let subject: Place

  /// Reads the object file that a shared object was linked from; nil if there is none, or none that is plain.
  package init?(ofSharedObject path: String) {
    guard let data = FileManager.default.contents(atPath: SubjectCompiler.object(of: path)) else {
      return nil
    }
    self.init(Array(data))
  }

  /// Reads an object file; nil if it is not plain.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count <= Self.mostBytes, let object = try? ElfObject(bytes) else { return nil }
    let roles = object.sections.map(Self.role)
    guard !roles.contains(nil),
      object.sections.count(where: { $0.type == Format.symbolTable }) == 1,
      object.symbols.enumerated().allSatisfy({
        Self.isPlain($0.element, number: $0.offset, object, roles)
      }),
      object.relocations.allSatisfy({ Self.isPlain($0, object, roles) }),
      let entries = Self.table("mhp_entries", bytes: Self.tableBytes, object, roles),
      let subject = Self.table("mhp_subject", bytes: Format.pointerBytes, object, roles)
    else { return nil }
    self.bytes = bytes
    self.object = object
    self.entries = entries
    self.subject = subject
    data = roles.indices.filter { roles[$0] == .data }
    relocations = Dictionary(grouping: object.relocations, by: \.section)
  }

  /// The bytes of the table of entries: a pointer for each function.
  private static var tableBytes: UInt64 {
    UInt64(KernelFunction.allCases.count) * Format.pointerBytes
  }

  /// What a section is to a linker; nil for one that no plain object has: initialisers, thread-local data, unwind
  /// tables, groups, sections with names that linkers know.
  private static func role(of section: ElfObject.Section) -> Role? {
    guard section.flags & Format.allocated != 0 else { return unloadedRole(of: section) }
    let access = section.flags & ~(Format.allocated | Format.merged)
    switch access {
    case Format.executable:
      return section.type == Format.programBits && isNamed(section, codeName) ? .code : nil
    case 0, Format.writable:
      if section.type == Format.note { return section.name == ".note.gnu.property" ? .data : nil }
      guard section.type == Format.programBits || section.type == Format.noBits else { return nil }
      return dataNames.contains { isNamed(section, $0) } ? .data : nil
    default: return nil
    }
  }

  private static func unloadedRole(of section: ElfObject.Section) -> Role? {
    guard section.flags & ~Format.unloaded == 0 else { return nil }
    if section.type == Format.relocationsWithAddends {
      return section.name.hasPrefix(".rela") ? .nothing : nil
    }
    return unloaded.contains(section.name) && unloadedTypes.contains(section.type) ? .nothing : nil
  }

  private static func isNamed(_ section: ElfObject.Section, _ name: String) -> Bool {
    section.name == name || section.name.hasPrefix("\(name).")
  }

  /// Whether a symbol is a plain place in code or data of this object. No linker gives it another meaning, and no
  /// other object could define it.
  private static func isPlain(
    _ symbol: ElfObject.Symbol, number: Int, _ object: ElfObject, _ roles: [Role?]
  ) -> Bool {
    // The first one stands for none.
    if number == 0 { return symbol.kind == 0 && symbol.section == nil && symbol.value == 0 }
    if symbol.kind == Format.file { return symbol.section == nil }
    guard let section = symbol.section, symbol.value <= UInt64(object.sections[section].size) else {
      return false
    }
    if symbol.kind == Format.section { return symbol.value == 0 }
    return symbol.kind <= Format.function && roles[section] != .nothing
      && !reserved.contains(symbol.name) && !symbol.name.contains("@")
  }

  /// Whether a relocation is in code or data, and leads to code, data or nowhere.
  private static func isPlain(
    _ relocation: ElfObject.Relocation, _ object: ElfObject, _ roles: [Role?]
  ) -> Bool {
    guard roles[relocation.section] != .nothing,
      relocation.offset < UInt64(object.sections[relocation.section].size)
    else { return false }
    guard relocation.symbol != 0 else { return true }
    guard let target = object.symbols[relocation.symbol].section else { return false }
    return roles[target] != .nothing
  }

  /// The place of a table with this name; nil if there is none, or more than one.
  private static func table(
    _ name: String, bytes: UInt64, _ object: ElfObject, _ roles: [Role?]
  ) -> Place? {
    let found = object.symbols.filter { $0.name == name }
    guard found.count == 1, found[0].kind == Format.object, let section = found[0].section,
      roles[section] == .data, UInt64(object.sections[section].size) - found[0].value >= bytes
    else { return nil }
    return Place(section: section, offset: found[0].value)
  }

  // MARK: - What is reached

  /// Everything that decides what calls of these functions do, in a form that is the same for the same code and data.
  package func reached(from functions: Set<KernelFunction>) -> [UInt8] {
    var order = data
    var numbers = Dictionary(uniqueKeysWithValues: zip(data, 0...))
    var text = ByteText()
    text.add(UInt64(data.count))
    for place in [entries, subject] {
      text.add(UInt64(numbers[place.section] ?? 0))
      text.add(place.offset)
    }
    // The compiler's name and version.
    for section in object.sections where section.name == ".comment" { add(section, to: &text) }
    var next = 0
    while next < order.count {
      let index = order[next]
      next += 1
      add(object.sections[index], to: &text)
      let own = relocations[index] ?? []
      text.add(UInt64(own.count))
      for relocation in own {
        text.add(relocation.offset)
        text.add(UInt64(relocation.type))
        guard isFollowed(relocation, calling: functions) else { continue }
        text.add(UInt64(bitPattern: relocation.addend))
        let symbol = object.symbols[relocation.symbol]
        text.add(symbol.value)
        // The first symbol has no section.
        guard let target = symbol.section else {
          text.add(UInt64.max)
          continue
        }
        let number = numbers[target] ?? order.count
        if number == order.count {
          numbers[target] = number
          order.append(target)
        }
        text.add(UInt64(number))
      }
    }
    return text.bytes
  }

  private func add(_ section: ElfObject.Section, to text: inout ByteText) {
    text.add(section.name.utf8)
    for word in [
      UInt64(section.type), section.flags, UInt64(section.size), section.alignment,
      UInt64(section.entrySize),
    ] {
      text.add(word)
    }
    guard section.type != Format.noBits else { return }
    text.add(bytes[section.offset..<(section.offset + section.size)])
  }

  /// Whether code can come to the target of a relocation: to all but the entries of functions that are not called.
  private func isFollowed(
    _ relocation: ElfObject.Relocation, calling functions: Set<KernelFunction>
  ) -> Bool {
    guard relocation.section == entries.section, relocation.offset >= entries.offset,
      relocation.offset - entries.offset < Self.tableBytes
    else { return true }
    let number = (relocation.offset - entries.offset) / Format.pointerBytes
    return functions.contains { UInt64($0.rawValue) == number }
  }
}

/// Bytes that read back in one way: each part with its length before it.
private struct ByteText {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ part: some Collection<UInt8>) {
    add(UInt64(part.count))
    bytes.append(contentsOf: part)
  }
}
