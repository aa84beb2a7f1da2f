// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A folder of patch files, mails and mailboxes that form a series.
struct PatchFolder {
  /// The file with the order of the patches, as in quilt.
  static let order = "series"
  /// The endings of patch files' names. The ending of a compression may follow.
  static let endings = [".patch", ".diff", ".mbox", ".mbx", ".eml"]
  /// The folders of a Maildir that contain mails.
  private static let mailFolders = ["cur", "new"]
  /// The folder in which quilt keeps the patches of a tree.
  private static let quilt = "patches"
  /// Limit of the number of patches; any series has fewer.
  private static let limit = 1000

  /// The folder, as the user typed it.
  let path: String
  let tools: Tools

  /// Whether a file of that name contains patches.
  static func isPatch(_ name: String) -> Bool {
    var name = name.lowercased()
    if let packing = Archive.packings.first(where: name.hasSuffix) {
      name = String(name.dropLast(packing.count))
    }
    return endings.contains(where: name.hasSuffix)
  }

  /// Whether a folder contains patches and is not a kernel tree.
  static func isOne(_ path: String) -> Bool {
    guard InputFile.kind(of: "\(path)/\(KernelPath.main)") == .missing else { return false }
    return isMaildir(path) || holdsPatches(path) || holdsPatches("\(path)/\(quilt)")
  }

  private static func isMaildir(_ path: String) -> Bool {
    mailFolders.allSatisfy { InputFile.kind(of: "\(path)/\($0)") == .folder }
  }

  private static func holdsPatches(_ path: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.contains { $0 == order || isPatch($0) }
  }

  /// The files in the folder, in the order of the file `series`, else by name, with digits compared as
  /// numbers. A file that `series` names must exist; other files do not count. A Maildir gives all
  /// its mails, in an order without meaning.
  func files() async throws(Failure) -> [PatchFile] {
    let found = try names()
    guard !found.isEmpty else {
      throw Failure(
        .unreadable, "\(path) contains neither \(KernelPath.main) nor a patch",
        advice: "name a kernel tree, or a folder of \(Self.endings.list) files")
    }
    guard found.count <= Self.limit else {
      throw Failure(.unreadable, "\(path) contains more than \(Self.limit) patches")
    }
    var size = 0
    var files: [PatchFile] = []
    for (name, place) in found {
      let file = "\(path)/\(name)"
      let bytes = try await TextInput(tools: tools).read(file, regularOnly: true)
      size += bytes.count
      guard size <= InputFile.limit else { throw InputFile.tooLarge(path) }
      files.append(PatchFile(name: file, bytes: bytes, place: place))
    }
    return files
  }

  private func names() throws(Failure) -> [(name: String, place: Int?)] {
    if Self.isMaildir(path) {
      var mails: [(name: String, place: Int?)] = []
      for folder in Self.mailFolders {
        mails += try regular(in: folder).filter { !$0.hasPrefix(".") }
          .map { ("\(folder)/\($0)", nil) }
      }
      return mails
    }
    let isBeside = !Self.holdsPatches(path)
    let folder = isBeside ? Self.quilt : ""
    let prefix = isBeside ? "\(Self.quilt)/" : ""
    let order = "\(path)/\(prefix)\(Self.order)"
    guard InputFile.kind(of: order) == .missing else {
      return try listed(order).enumerated().map { (prefix + $1, $0) }
    }
    return try regular(in: folder).filter(Self.isPatch).map { (prefix + $0, Self.number(of: $0)) }
  }

  /// The names in quilt's list.
  private func listed(_ order: String) throws(Failure) -> [String] {
    let lines = try RawLine.split(try InputFile.read(order, regularOnly: true), name: order)
    var names: [String] = []
    for line in lines {
      // A line is a name, optionally with options for patch(1) and a comment after it.
      let words = line.text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let name = words.first.map(String.init) else { continue }
      guard KernelPath.isSafe(name) else {
        throw Failure(.unreadable, "\(order): \(name) points outside the folder")
      }
      if words.dropFirst().contains(where: { $0 == "-R" || $0 == "--reverse" }) {
        throw Failure(
          .unreadable, "\(order):\(line.number): \(name) must be applied in reverse",
          advice: "reverse the patch, e.g. with interdiff")
      }
      names.append(name)
    }
    return names
  }

  private func regular(in folder: String) throws(Failure) -> [String] {
    let place = folder.isEmpty ? path : "\(path)/\(folder)"
    do {
      return try FileManager.default.contentsOfDirectory(atPath: place)
        .filter { InputFile.kind(of: "\(place)/\($0)") == .regular }
        .sorted { Self.pieces(of: $0).lexicographicallyPrecedes(Self.pieces(of: $1)) }
    } catch {
      throw Failure(.unreadable, "\(place) cannot be listed")
    }
  }

  /// The number at the start of a name, after the version that git format-patch puts before it.
  private static func number(of name: String) -> Int? {
    var rest = name[...]
    if rest.hasPrefix("v"), let dash = rest.firstIndex(of: "-"),
      Int(rest[rest.index(after: rest.startIndex)..<dash]) != nil
    {
      rest = rest[rest.index(after: dash)...]
    }
    return Int(rest.prefix { $0.isASCII && $0.isNumber }.prefix(9))
  }

  /// A part of a name: a run of digits, compared by value, or other text, compared by bytes.
  private struct Piece: Comparable {
    var number = Int.max
    var text: [UInt8] = []

    static func < (left: Piece, right: Piece) -> Bool {
      left.number == right.number
        ? left.text.lexicographicallyPrecedes(right.text) : left.number < right.number
    }
  }

  private static func pieces(of name: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = name.utf8[...]
    while let first = rest.first {
      let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
      let run = rest.prefix { isDigit($0) == isDigit(first) }
      let number = isDigit(first) ? Int(String(Substring(run.prefix(18)))) : nil
      pieces.append(Piece(number: number ?? Int.max, text: number == nil ? Array(run) : []))
      rest = rest.dropFirst(run.count)
    }
    return pieces
  }
}
