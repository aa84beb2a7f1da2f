// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials

/// A confirmation from a JSON file that an earlier run wrote, perhaps somebody else's. All its contents are
/// untrusted.
public struct ConfirmFile: Sendable {
  /// The file's name on the command line.
  public let name: String
  let confirmation: WireConfirm

  /// The maximum size of such a file, in bytes. A run of all cases writes less than a hundredth of it.
  public static let limit = 16 << 20

  /// Reads schema "mhpcheck.confirm/1" strictly. Throws a one-line error for unknown members, missing
  /// members, and values that no run writes.
  public init(name: String, jsonText: String) throws(ConfirmFileError) {
    self.name = name
    do {
      confirmation = try JSONDecoder().decode(WireConfirm.self, from: Data(jsonText.utf8))
    } catch let error as ConfirmFileError {
      throw ConfirmFileError("\(name): \(error.message)")
    } catch {
      throw ConfirmFileError("\(name) is not JSON; mhpcheck confirm --json writes such a file")
    }
  }
}

extension ConfirmFile {
  /// "50 of 54 cases agree, 2 differ, 2 skipped".
  package static func counts(agreeing: Int, differing: Int, skipped: Int) -> String {
    let all = agreeing + differing + skipped
    var parts = ["\(agreeing) of \(all) \(all == 1 ? "case agrees" : "cases agree")"]
    if differing > 0 { parts.append("\(differing) \(differing == 1 ? "differs" : "differ")") }
    if skipped > 0 { parts.append("\(skipped) skipped") }
    return parts.joined(separator: ", ")
  }
}

/// The reason why a file is not a confirmation, in one line that names the place.
public struct ConfirmFileError: Error, Hashable, Sendable {
  /// The problem. It may quote the file, whose text is untrusted.
  public let message: String

  init(_ message: String) { self.message = message }
}

/// The members of an untrusted JSON object.
struct StrictObject {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let container: KeyedDecodingContainer<Key>
  private let place: String

  /// Reads an object. Throws when it has other members than these.
  init(_ decoder: any Decoder, members: Set<String>) throws {
    place = decoder.codingPath.reduce("") { path, key in
      if let index = key.intValue { return "\(path)[\(index)]" }
      return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
    }
    guard let container = try? decoder.container(keyedBy: Key.self) else {
      throw ConfirmFileError("\(place.isEmpty ? "it" : place) is not an object")
    }
    self.container = container
    if let foreign = container.allKeys.map(\.stringValue).sorted().first(where: {
      !members.contains($0)
    }) {
      throw complaint(foreign, "is no member of schema \"\(WireConfirm.schema)\"")
    }
  }

  /// An error about a member.
  func complaint(_ member: String, _ what: String) -> ConfirmFileError {
    let name = SafeText.line(SafeText.shortened(member, to: 60))
    return ConfirmFileError("\(place.isEmpty ? "" : place + ".")\(name) \(what)")
  }

  /// An optional member; nil when it is missing.
  func optional<Value: Decodable>(_ member: String, _ type: Value.Type, _ what: String) throws
    -> Value?
  {
    guard container.contains(Key(member)) else { return nil }
    do {
      return try container.decode(type, forKey: Key(member))
    } catch let error as ConfirmFileError {
      throw error
    } catch {
      throw complaint(member, "is not \(what)")
    }
  }

  /// A required member.
  func required<Value: Decodable>(_ member: String, _ type: Value.Type, _ what: String) throws
    -> Value
  {
    guard let value = try optional(member, type, what) else {
      throw complaint(member, "is missing")
    }
    return value
  }

  /// A required string.
  func text(_ member: String) throws -> String { try required(member, String.self, "a string") }

  /// A required duration in seconds, from 0 to 1e9 (about thirty years).
  func seconds(_ member: String) throws -> Double {
    let seconds = try required(member, Double.self, "a number")
    guard (0...1e9).contains(seconds) else { throw complaint(member, "is out of range") }
    return seconds
  }

  /// A required count, from 0 to 1e12.
  func count(_ member: String) throws -> Int {
    let count = try required(member, Int.self, "a whole number")
    guard (0...1_000_000_000_000).contains(count) else {
      throw complaint(member, "is out of range")
    }
    return count
  }
}
