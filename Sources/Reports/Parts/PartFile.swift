// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Machine
import Subjects

/// A part of a run as a file. Its shard wrote it, on another machine perhaps, so all of it is untrusted.
public enum PartFile {
  /// The maximum size of a part, in bytes. A deep run writes less than a tenth of it in one shard.
  static let limit = 64 << 20

  private struct Head: Decodable {
    var schema: String
  }

  /// One object of the schema "mhpcheck.part/1", with a final newline.
  public static func text(of part: Part) -> String { JSONText.of(WirePart(part)) }

  /// Reads a part. A file that is none ends in status 3.
  public static func read(_ path: String) throws(Failure) -> Part {
    let bytes = try ReadableFile.bytes(of: path, atMost: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.unreadable, "\(path) is not UTF-8 text")
    }
    return try part(text, name: path)
  }

  /// The part that a text says. It has to be, byte by byte, what this program writes of what it says, so no member is
  /// unknown, doubled or left out.
  static func part(_ text: String, name: String) throws(Failure) -> Part {
    let data = Data(text.utf8)
    let decoder = JSONDecoder()
    guard let head = try? decoder.decode(Head.self, from: data), head.schema == WirePart.schema
    else {
      throw Failure(
        .unreadable, "\(name) is no part of a run, or only its beginning",
        advice: "mhpcheck check, mutate or fleet with --shard K/N --part FILE writes one")
    }
    guard let wire = try? decoder.decode(WirePart.self, from: data),
      JSONText.of(wire).utf8.elementsEqual(text.utf8)
    else {
      throw Failure(
        .unreadable, "\(name) is not as mhpcheck \(Version.text) writes a part",
        advice: "run its shard again, with the program that merges")
    }
    do throws(PartError) {
      return try wire.part()
    } catch {
      throw Failure(
        .unreadable, "\(name) says what no shard finds: \(error.what)",
        advice: "run its shard again")
    }
  }
}

/// Something in a part that no shard writes.
struct PartError: Error {
  /// What it is, in a few words.
  var what: String

  init(_ what: String) { self.what = what }
}
