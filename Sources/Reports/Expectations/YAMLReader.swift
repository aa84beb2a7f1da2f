// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Reads a user's YAML file. Its errors name the line.
struct YAMLReader {
  let name: String

  /// The root of a text; nil if the text is empty.
  func document(_ text: String) throws(Failure) -> YAMLNode? {
    do throws(YAMLProblem) {
      return try YAMLNode.root(of: text)
    } catch {
      throw Failure(.unreadable, message(error))
    }
  }

  private func message(_ problem: YAMLProblem) -> String {
    switch problem {
    case .malformed(let line, let words):
      "\(name):\(line): \(words); patterns with * stand in quotes"
    case .twice(let names, let line):
      "\(name):\(line): the same member twice: \(names.list)"
    case .unreadable: "\(name) cannot be read as YAML"
    case .tooLarge: "\(name) is too large"
    case .tooDeep(let line):
      "\(name):\(line): too many lists in one another, or anchors, which are not read"
    }
  }

  /// The text of a member; nil when there is none. Throws when the member is not a text, or blank.
  func text(of key: String, in members: YAMLNode.Mapping) throws(Failure) -> String? {
    guard let node = members[key] else { return nil }
    guard let text = node.scalar, !text.allSatisfy(\.isWhitespace) else {
      throw complaint(node, "\(key) is a text")
    }
    return text
  }

  func check(_ mapping: YAMLNode.Mapping, known: [String]) throws(Failure) {
    for member in mapping.members where !known.contains(member.key.scalar ?? "") {
      throw complaint(
        member.key,
        "there is no member \(member.key.scalar ?? "of that kind") here; there are "
          + known.list)
    }
  }

  func complaint(_ node: YAMLNode, _ message: String) -> Failure {
    Failure(.unreadable, "\(name):\(node.line): \(message)")
  }

  /// The texts of a member that is a text or a list of texts; empty when there is none.
  func texts(of key: String, in members: YAMLNode.Mapping) throws(Failure) -> [String] {
    guard let node = members[key] else { return [] }
    guard case .sequence(let list) = node.content else {
      return [try text(of: key, in: members) ?? ""]
    }
    var texts: [String] = []
    for one in list {
      guard let text = one.scalar, !text.allSatisfy(\.isWhitespace) else {
        throw complaint(one, "\(key) is a list of texts")
      }
      texts.append(text)
    }
    return texts
  }
}
