// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Yams

/// Reads a user's YAML file. Its errors name the line.
struct YAMLReader {
  let name: String

  /// The maximum size of a file, in bytes.
  static let mostBytes = 1 << 20
  /// The maximum nesting of brackets; a line may have four times as many dashes, question marks and colons. No
  /// file of ours nests more than two levels.
  private static let mostNested = 64

  /// The root of a text; nil if the text is empty.
  func document(_ text: String) throws(Failure) -> Node? {
    guard text.utf8.count <= Self.mostBytes else {
      throw Failure(.unreadable, "\(name) is too large")
    }
    guard Self.isShallow(text) else {
      throw Failure(
        .unreadable,
        "\(name): too many lists in one another, or anchors, which are not read")
    }
    do {
      return try compose(yaml: text)
    } catch let error as YamlError {
      throw Failure(.unreadable, Self.text(error, name: name))
    } catch {
      throw Failure(.unreadable, "\(name) cannot be read as YAML")
    }
  }

  /// Whether the library can read a text in little time and stack. The library recurses into lists, and the
  /// expansion of anchors can be exponential in their number.
  private static func isShallow(_ text: String) -> Bool {
    var depth = 0
    var dashes = 0
    var last = UInt8(ascii: "\n")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): dashes += 1
      case UInt8(ascii: "\n"): dashes = 0
      default: break
      }
      let isAtStart = " \t\n\r[{,".utf8.contains(last)
      guard depth <= mostNested, dashes <= 4 * mostNested,
        byte != UInt8(ascii: "&") || !isAtStart
      else { return false }
      last = byte
    }
    return true
  }

  private static func text(_ error: YamlError, name: String) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "\(name):\(mark.line): \(problem); patterns with * stand in quotes"
    case .duplicatedKeysInMapping(let duplicates, let context):
      "\(name):\(context.mark.line): the same member twice: "
        + duplicates.sorted().list
    default: "\(name) cannot be read as YAML"
    }
  }

  /// The text of a member; nil when there is none. Throws when the member is not a text, or blank.
  func text(
    of key: String, in members: Node.Mapping
  ) throws(Failure) -> String? {
    guard let node = members[Node(key)] else { return nil }
    guard let text = node.scalar?.string, !text.allSatisfy(\.isWhitespace) else {
      throw complaint(node, "\(key) is a text")
    }
    return text
  }

  func check(_ members: Node.Mapping, known: [String]) throws(Failure) {
    for (key, _) in members where !known.contains(key.scalar?.string ?? "") {
      throw complaint(
        key,
        "there is no member \(key.scalar?.string ?? "of that kind") here; there are "
          + known.list)
    }
  }

  func complaint(_ node: Node, _ message: String) -> Failure {
    Failure(.unreadable, "\(name):\(node.mark?.line ?? 1): \(message)")
  }

  /// The texts of a member that is a text or a list of texts; empty when there is none.
  func texts(of key: String, in members: Node.Mapping) throws(Failure) -> [String] {
    guard let node = members[Node(key)] else { return [] }
    guard case .sequence(let list) = node else { return [try text(of: key, in: members) ?? ""] }
    var texts: [String] = []
    for one in list {
      guard let text = one.scalar?.string, !text.allSatisfy(\.isWhitespace) else {
        throw complaint(one, "\(key) is a list of texts")
      }
      texts.append(text)
    }
    return texts
  }
}
