// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Reads a tar stream as it arrives (ustar, GNU and pax), and keeps the wanted members.
///
/// It writes no file and follows no link, so that a hostile archive can cause nothing but an error.
package struct TarScanner {
  /// A file of the archive.
  package struct Member {
    package let path: String
    /// The contents; nil for a link.
    package let bytes: [UInt8]?
  }

  /// Selects the members to keep, by path.
  package let isWanted: (String) -> Bool
  /// The archive's name in errors.
  package let name: String
  /// The path of the member that began last.
  private(set) var currentPath = ""
  /// Whether the archive's end mark was read.
  private(set) var isEnded = false

  private enum Body {
    case skip, member, link, longName, extended
  }

  private var header: [UInt8] = []
  private var body = Body.skip
  private var bodyBytes: [UInt8] = []
  private var bodyLeft = 0
  private var paddingLeft = 0
  private var longPath: String?
  private var longSize: Int?
  private var position = 0
  private var kept = 0

  private static let blockSize = 512
  /// Limit of a name or an extended header, in bytes. Sane archives need less.
  private static let nameLimit = 1 << 20
  /// Limit of a path, in bytes: the system's PATH_MAX.
  private static let longestPath = 4096
  /// Limit of the stream, in bytes. Any kernel tree is smaller; a larger stream is a decompression bomb.
  private static let streamLimit = 16 << 30
  /// The bytes to count for a kept member, besides its path and contents.
  private static let memberCost = 256

  package init(name: String, isWanted: @escaping (String) -> Bool) {
    self.name = name
    self.isWanted = isWanted
  }

  /// Whether an unpacked stream that begins with `start` is an archive.
  static func looksLikeHeader(_ start: [UInt8]) -> Bool {
    guard start.count >= blockSize, start[0] != 0 else { return false }
    var scanner = TarScanner(name: "") { _ in false }
    scanner.header = Array(start[..<blockSize])
    return scanner.isChecksumRight
  }

  /// Whether the stream may end here without a truncated member.
  package var isBetweenMembers: Bool {
    isEnded || (header.isEmpty && bodyLeft == 0 && paddingLeft == 0)
  }

  /// Takes the next bytes of the stream, and returns the wanted members that they complete.
  package mutating func feed(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [Member] {
    position += bytes.count
    guard position <= Self.streamLimit else {
      throw Failure(.unreadable, "\(name) is larger than any kernel tree")
    }
    var rest = bytes
    var members: [Member] = []
    while !isEnded, !rest.isEmpty || (header.count == Self.blockSize && bodyLeft == 0) {
      if header.count < Self.blockSize {
        let part = rest.prefix(Self.blockSize - header.count)
        header += part
        rest = rest.dropFirst(part.count)
        guard header.count == Self.blockSize else { break }
        try beginMember()
      } else if bodyLeft > 0 {
        let part = rest.prefix(bodyLeft)
        if body != .skip { bodyBytes += part }
        bodyLeft -= part.count
        rest = rest.dropFirst(part.count)
      } else if paddingLeft > 0 {
        guard !rest.isEmpty else { break }
        let count = min(paddingLeft, rest.count)
        paddingLeft -= count
        rest = rest.dropFirst(count)
      } else if let member = endMember() {
        members.append(member)
      }
    }
    return members
  }

  private mutating func beginMember() throws(Failure) {
    if header.allSatisfy({ $0 == 0 }) {
      isEnded = true
      return
    }
    guard isChecksumRight, let headerSize = number(124..<136) else {
      throw Failure(
        .unreadable,
        currentPath.isEmpty
          ? "\(name) is not a tar archive" : "\(name) is damaged after \(currentPath)",
        advice: "fetch it again")
    }
    let type = header[156]
    let isMetadata = [UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "x"), UInt8(ascii: "g")]
      .contains(type)
    let size = isMetadata ? headerSize : longSize ?? headerSize
    let path = isMetadata ? currentPath : Self.normalized(longPath ?? headerPath)
    body = .skip
    switch type {
    case UInt8(ascii: "L"): body = .longName
    case UInt8(ascii: "x"): body = .extended
    case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
      if isWanted(path) { body = .member }
    case UInt8(ascii: "1"), UInt8(ascii: "2"):
      if isWanted(path) { body = .link }
    default: break
    }
    currentPath = path
    if !isMetadata { (longPath, longSize) = (nil, nil) }
    let limit =
      switch body {
      case .member: InputFile.limit
      case .skip, .link: Int.max / 2
      case .longName, .extended: Self.nameLimit
      }
    guard size <= limit else { throw InputFile.tooLarge("\(name): \(path)") }
    if body == .member || body == .link {
      kept += path.utf8.count + Self.memberCost + (body == .member ? size : 0)
      guard kept <= InputFile.treeLimit else {
        throw InputFile.treeTooLarge(name)
      }
    }
    // Links have no body, whatever their header says.
    let hasBody = !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type)
    bodyLeft = hasBody ? size : 0
    paddingLeft = (Self.blockSize - bodyLeft % Self.blockSize) % Self.blockSize
  }

  private mutating func endMember() -> Member? {
    defer {
      header.removeAll(keepingCapacity: true)
      bodyBytes = []
    }
    switch body {
    case .member: return Member(path: currentPath, bytes: bodyBytes)
    case .link: return Member(path: currentPath, bytes: nil)
    case .longName: longPath = String(decoding: bodyBytes.prefix { $0 != 0 }, as: UTF8.self)
    case .extended: readExtended()
    case .skip: break
    }
    return nil
  }

  /// Reads the records (`LENGTH KEY=VALUE`) of a pax header.
  private mutating func readExtended() {
    var rest = bodyBytes[...]
    while let blank = rest.firstIndex(of: UInt8(ascii: " ")),
      let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
      length > blank - rest.startIndex + 1, length <= rest.count
    {
      let record = rest.prefix(length).dropFirst(blank + 1 - rest.startIndex).dropLast()
      rest = rest.dropFirst(length)
      guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = String(decoding: record[(equals + 1)...], as: UTF8.self)
      switch String(decoding: record[..<equals], as: UTF8.self) {
      case "path": longPath = value
      case "size": longSize = Int(value).flatMap { $0 >= 0 ? $0 : nil }
      default: break
      }
    }
  }

  private var headerPath: String {
    let name = text(0..<100)
    let isUstar = header[257..<263].elementsEqual("ustar\0".utf8)
    let prefix = isUstar ? text(345..<500) : ""
    return prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  /// The path as tar creates it: "a//./b" becomes "a/b". A path longer than PATH_MAX is cut to its beginning.
  private static func normalized(_ path: String) -> String {
    guard path.utf8.count <= longestPath else { return String(path.prefix(80)) + "..." }
    let parts = path.split(separator: "/").filter { $0 != "." }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  private func text(_ field: Range<Int>) -> String {
    String(decoding: header[field].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A number of the header: octal digits, or GNU's big-endian form with the first bit set.
  private func number(_ field: Range<Int>) -> Int? {
    let bytes = header[field]
    if let first = bytes.first, first & 0x80 != 0 {
      guard first == 0x80, bytes.dropFirst().prefix(4).allSatisfy({ $0 == 0 }) else { return nil }
      let value = bytes.suffix(7).reduce(0) { $0 << 8 | Int($1) }
      return value <= Int.max / 4 ? value : nil
    }
    let digits = bytes.filter { $0 != 0 && $0 != 0x20 }
    return digits.isEmpty
      ? 0
      : Int(String(decoding: digits, as: UTF8.self), radix: 8)
        .flatMap { $0 >= 0 ? $0 : nil }
  }

  private var isChecksumRight: Bool {
    let sum = header.enumerated().reduce(0) { sum, byte in
      sum + ((148..<156).contains(byte.offset) ? 0x20 : Int(byte.element))
    }
    return number(148..<156) == sum
  }
}
