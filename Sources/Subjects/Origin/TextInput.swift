// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Text files, plain or packed by a common program.
struct TextInput {
  let tools: Tools

  /// All bytes of the text in the file at `path`.
  func read(_ path: String, regularOnly: Bool) async throws(Failure) -> [UInt8] {
    try await unpacked(try InputFile.read(path, regularOnly: regularOnly), name: path)
  }

  /// The unpacked `bytes`, at most `InputFile.limit`; errors use `name`.
  func unpacked(_ bytes: [UInt8], name: String) async throws(Failure) -> [UInt8] {
    let compression = Archive.Compression(magic: bytes[...])
    guard let (program, arguments) = compression.unpacker else {
      if let kind = Self.foreign.first(where: { bytes.starts(with: $0.magic) })?.name {
        throw Failure(.unreadable, "\(name) is \(kind)", advice: "unpack it first")
      }
      return bytes
    }
    let path = try tools.locate(program, advice: "install \(program) to read \(name)")
    let outcome = try await tools.run(
      path, arguments, input: bytes, limit: InputFile.limit,
      tooLarge: Failure(
        .unreadable,
        "\(name) unpacks to more than any kernel source file has (the limit is "
          + "\(InputFile.limit >> 20) MiB)"))
    guard outcome.status.isSuccess else {
      throw Failure(
        .unreadable, "\(name) is damaged or truncated (\(outcome.firstError))",
        advice: "fetch it again")
    }
    return outcome.output
  }

  /// The beginning of the unpacked file at `path`, at most 256 KiB.
  func start(of path: String) async throws(Failure) -> [UInt8] {
    var start: [UInt8] = []
    let archive = Archive(name: path, tools: tools)
    try await archive.read { chunk in
      start += chunk.prefix(Self.startSize - start.count)
      return start.count < Self.startSize
    } atEnd: {
    }
    return start
  }

  private static let startSize = 256 << 10

  /// Other common formats, which the program refuses with their name.
  private static let foreign: [(magic: [UInt8], name: String)] = [
    ([0x50, 0x4b, 0x03, 0x04], "a zip archive"), ([0x37, 0x7a, 0xbc, 0xaf], "a 7z archive"),
    ([0x04, 0x22, 0x4d, 0x18], "packed by lz4"), (Array("LZIP".utf8), "packed by lzip"),
    (Array("!<arch>\n".utf8), "an ar archive"),
    ([0xd0, 0xcf, 0x11, 0xe0], "Outlook's own kind of mail, not text"),
  ]
}
