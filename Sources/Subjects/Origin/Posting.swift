// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A file of patches, as read from a folder or from standard input.
struct PatchFile {
  /// The name in diagnostics.
  let name: String
  /// Its bytes, unpacked.
  let bytes: [UInt8]
  /// The number of the file among the others, from its own name or a list; nil if there is none.
  var place: Int?
}

/// A patch as it was posted: the contents of one mail, or of a file that is not a mail.
struct Posting {
  /// The file that contains it.
  let file: String
  /// The line of that file in which it begins.
  let line: Int
  /// The number of the file among the others.
  let place: Int?
  /// The tag in the mail's subject; nil if it is not a mail.
  let tag: PatchTag?
  /// The changes, by file.
  let patches: [FilePatch]

  /// The name in diagnostics.
  var name: String {
    let title = tag.map { PlainName.quoted($0.title) } ?? ""
    return title.isEmpty ? "\(file):\(line)" : title
  }

  /// Whether both make the same changes, line by line.
  func isSame(as other: Posting) -> Bool {
    guard patches.count == other.patches.count else { return false }
    return zip(patches, other.patches).allSatisfy { mine, theirs in
      mine.path == theirs.path && mine.hunks.count == theirs.hunks.count
        && zip(mine.hunks, theirs.hunks).allSatisfy { $0.isSame(as: $1) }
    }
  }
}

extension Posting {
  /// The patches in some files, in the order of the files, and all texts that were searched. Quotes count
  /// only if nothing else contains a patch.
  static func read(
    _ files: [PatchFile]
  ) throws(Failure) -> (postings: [Posting], texts: [[RawLine]], areQuotes: Bool) {
    var postings: [Posting] = []
    var texts: [(file: PatchFile, text: Mail.Text)] = []
    for file in files {
      for text in Mail.texts(in: try RawLine.split(file.bytes, name: file.name)) {
        if let line = text.lines.first(where: { $0.bytes.contains(0) }) {
          throw Failure(.unreadable, "\(file.name):\(line.number): binary, not text, once decoded")
        }
        texts.append((file, text))
        let patches = try patches(in: text, of: file)
        if !patches.isEmpty { postings.append(Posting(file, text, patches)) }
      }
    }
    var areQuotes = false
    if postings.isEmpty {
      for (file, text) in texts {
        guard let quote = Quotation(in: text.lines) else { continue }
        let patches = try quote.patch(name: file.name)
        if !patches.isEmpty { postings.append(Posting(file, text, patches)) }
      }
      areQuotes = !postings.isEmpty
    }
    return (postings, texts.map(\.text.lines), areQuotes)
  }

  private init(_ file: PatchFile, _ text: Mail.Text, _ patches: [FilePatch]) {
    self.init(
      file: file.name, line: text.lines.first?.number ?? 1, place: file.place, tag: text.tag,
      patches: patches)
  }

  private static func patches(
    in text: Mail.Text, of file: PatchFile
  ) throws(Failure) -> [FilePatch] {
    if text.tag?.isCover == true { return [] }
    if text.isFlowed {
      for reading in FlowedText.readings(of: text.lines) {
        if let patches = try? DiffParser.parse(reading, name: file.name), !patches.isEmpty {
          return patches
        }
      }
    }
    return try DiffParser.parse(text.lines, name: file.name)
  }
}

/// Strangers' words in a message of this program.
enum PlainName {
  /// `text` in quotation marks, without control characters, at most 80 characters; empty if nothing remains.
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }
    guard !plain.isEmpty else { return "" }
    return "\"\(String(String.UnicodeScalarView(plain)).prefix(80))\""
  }
}
