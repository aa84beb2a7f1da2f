// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// An object file from a compiler (ELF64, little-endian, relocatable): its sections, symbols and relocations.
/// Every offset and count in it is untrusted.
struct ElfObject: Sendable {
  struct Section: Sendable, Hashable {
    var name: String
    let type: UInt32
    let flags: UInt64
    let offset: Int
    let size: Int
    let link: Int
    let info: Int
    let alignment: UInt64
    let entrySize: Int
  }

  /// A symbol; `section` is nil if another object defines it.
  struct Symbol: Sendable, Hashable {
    let name: String
    /// The type in its `st_info`.
    let kind: UInt8
    let section: Int?
    let value: UInt64
    let size: UInt64

    var isSection: Bool { kind == Format.sectionSymbol }
  }

  /// A place in a section that gets an address at link time.
  struct Relocation: Sendable, Hashable {
    let section: Int
    let offset: UInt64
    let type: UInt32
    let symbol: Int
    let addend: Int64
  }

  let sections: [Section]
  let symbols: [Symbol]
  let relocations: [Relocation]

  /// Facts of the format (ELF-64 Object File Format, sections 3 to 6).
  private enum Format {
    static let headerSize = 64
    static let sectionHeaderSize = 64
    static let symbolSize = 24
    static let relocationSize = 24
    static let relocatable: UInt16 = 1
    static let symbolTable: UInt32 = 2
    static let relocationsWithAddends: UInt32 = 4
    static let noBits: UInt32 = 8
    static let sectionSymbol: UInt8 = 3
    /// Section numbers from here on have special meanings.
    static let reservedSections: UInt16 = 0xff00
  }

  /// Limit of the number of symbols, and of relocations. Any object of one source file has fewer.
  private static let limit = 1 << 20

  /// Reads an object.
  ///
  /// - Throws: one line if the bytes are no such object, or refer to places beyond their end.
  init(_ bytes: [UInt8]) throws(Failure) {
    let image = Image(bytes: bytes)
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]),
      try image.half(16) == Format.relocatable
    else { throw Failure(.unreadable, "not a relocatable ELF64 object") }
    let table = try image.offset(40)
    let (entry, count) = (Int(try image.half(58)), Int(try image.half(60)))
    let names = Int(try image.half(62))
    guard entry == Format.sectionHeaderSize, names < count else {
      throw Failure(.unreadable, "its section headers are not where they should be")
    }
    try image.check(table, count * entry)
    var raw: [(name: UInt32, section: Section)] = []
    for index in 0..<count {
      let at = table + index * entry
      let section = Section(
        name: "", type: try image.word(at + 4), flags: try image.long(at + 8),
        offset: try image.offset(at + 24), size: try image.offset(at + 32),
        link: Int(try image.word(at + 40)), info: Int(try image.word(at + 44)),
        alignment: try image.long(at + 48), entrySize: try image.offset(at + 56))
      if section.type != Format.noBits { try image.check(section.offset, section.size) }
      raw.append((try image.word(at), section))
    }
    let nameTable = raw[names].section
    var sections: [Section] = []
    for (name, section) in raw {
      var named = section
      named.name = try image.string(Int(name), in: nameTable)
      sections.append(named)
    }
    self.sections = sections
    symbols = try Self.symbols(image, sections)
    relocations = try Self.relocations(image, sections, symbolCount: symbols.count)
  }

  private static func symbols(
    _ image: Image, _ sections: [Section]
  ) throws(Failure) -> [Symbol] {
    guard let table = sections.first(where: { $0.type == Format.symbolTable }) else { return [] }
    guard table.entrySize == Format.symbolSize, sections.indices.contains(table.link),
      table.size / Format.symbolSize <= limit
    else { throw Failure(.unreadable, "its symbol table is damaged") }
    var symbols: [Symbol] = []
    for index in 0..<(table.size / Format.symbolSize) {
      let at = table.offset + index * Format.symbolSize
      let kind = try image.byte(at + 4) & 0xf
      let place = try image.half(at + 6)
      let isHere = place > 0 && place < Format.reservedSections
      guard !isHere || Int(place) < sections.count else {
        throw Failure(.unreadable, "a symbol lies in a missing section")
      }
      symbols.append(
        Symbol(
          name: try image.string(Int(try image.word(at)), in: sections[table.link]),
          kind: kind, section: isHere ? Int(place) : nil, value: try image.long(at + 8),
          size: try image.long(at + 16)))
    }
    return symbols
  }

  private static func relocations(
    _ image: Image, _ sections: [Section], symbolCount: Int
  ) throws(Failure) -> [Relocation] {
    var relocations: [Relocation] = []
    for table in sections where table.type == Format.relocationsWithAddends {
      guard table.entrySize == Format.relocationSize, sections.indices.contains(table.info),
        relocations.count + table.size / Format.relocationSize <= limit
      else { throw Failure(.unreadable, "its relocations are damaged") }
      for index in 0..<(table.size / Format.relocationSize) {
        let at = table.offset + index * Format.relocationSize
        let words = try image.long(at + 8)
        let symbol = Int(words >> 32)
        guard symbol < symbolCount else {
          throw Failure(.unreadable, "a relocation names no symbol")
        }
        relocations.append(
          Relocation(
            section: table.info, offset: try image.long(at),
            type: UInt32(truncatingIfNeeded: words), symbol: symbol,
            addend: Int64(bitPattern: try image.long(at + 16))))
      }
    }
    return relocations
  }

  /// Bytes with a bounds check on each read.
  private struct Image {
    let bytes: [UInt8]

    func check(_ offset: Int, _ count: Int) throws(Failure) {
      guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
        throw Failure(.unreadable, "it reaches beyond its own end")
      }
    }

    private func little(_ offset: Int, _ count: Int) throws(Failure) -> UInt64 {
      try check(offset, count)
      return bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func byte(_ offset: Int) throws(Failure) -> UInt8 { UInt8(try little(offset, 1)) }
    func half(_ offset: Int) throws(Failure) -> UInt16 { UInt16(try little(offset, 2)) }
    func word(_ offset: Int) throws(Failure) -> UInt32 { UInt32(try little(offset, 4)) }
    func long(_ offset: Int) throws(Failure) -> UInt64 { try little(offset, 8) }

    /// A 64-bit offset or size. Throws for values above `Int32.max`, which no object file reaches.
    func offset(_ offset: Int) throws(Failure) -> Int {
      let value = try long(offset)
      guard value <= UInt64(Int32.max) else {
        throw Failure(.unreadable, "it reaches beyond its own end")
      }
      return Int(value)
    }

    func string(_ offset: Int, in table: Section) throws(Failure) -> String {
      guard offset < max(table.size, 1) else {
        throw Failure(.unreadable, "a name lies outside its table")
      }
      try check(table.offset, table.size)
      let text = bytes[(table.offset + min(offset, table.size))..<(table.offset + table.size)]
      return String(decoding: text.prefix { $0 != 0 }.prefix(1024), as: UTF8.self)
    }
  }
}
