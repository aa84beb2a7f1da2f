// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A device tree as dtc prints it (`-O dts`), to edit and print again.
///
/// It reads only dtc's own output: one node's head, one property or one node's end per line, without
/// comments, labels or includes. A line of another form is an error, so that nothing is lost silently.
struct DeviceTreeText: Hashable, Sendable {
  /// A node with its properties and children, in order.
  struct Node: Hashable, Sendable {
    /// The name with its unit address, e.g. "cpu@0"; "/" for the root.
    var name: String
    var properties: [Property] = []
    var children: [Node] = []

    /// The value of the property `name` as dtc writes it; nil where there is none.
    func value(of name: String) -> String? {
      properties.first { $0.name == name }?.value
    }

    /// Sets the property `name`, or adds it.
    mutating func set(_ name: String, _ value: String) {
      let property = Property(name: name, value: value)
      if let index = properties.firstIndex(where: { $0.name == name }) {
        properties[index] = property
      } else {
        properties.append(property)
      }
    }
  }

  /// A property. One without a value is a flag.
  struct Property: Hashable, Sendable {
    var name: String
    /// The value as dtc writes it, e.g. `<0x00 0x80000000>` or `"riscv"`.
    var value: String?
  }

  /// The lines before the root: the version and reserved memory.
  var head: [String]
  var root: Node

  /// Reads dtc's output.
  init(_ text: String) throws(Failure) {
    var reader = Reader(lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    (head, root) = try reader.tree()
  }

  /// The tree as text that dtc compiles.
  var text: String {
    var lines = head
    Self.write(root, depth: 0, into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func write(_ node: Node, depth: Int, into lines: inout [String]) {
    let tabs = String(repeating: "\t", count: depth)
    lines.append("\(tabs)\(node.name) {")
    for property in node.properties {
      lines.append("\(tabs)\t\(property.name)\(property.value.map { " = \($0)" } ?? "");")
    }
    for child in node.children { write(child, depth: depth + 1, into: &lines) }
    lines.append("\(tabs)};")
  }
}

/// Reads dtc's lines in order.
private struct Reader {
  let lines: [Substring]
  private var index = 0

  init(lines: [Substring]) { self.lines = lines }

  /// The maximum depth: no machine has a deeper tree, and the recursion must end.
  private static let deepest = 32

  /// The next line that is not empty, without blanks at its ends.
  private mutating func next() -> String? {
    while index < lines.count {
      defer { index += 1 }
      let line = lines[index].trimmingBlanks
      if !line.isEmpty { return line }
    }
    return nil
  }

  mutating func tree() throws(Failure) -> (head: [String], root: DeviceTreeText.Node) {
    var head: [String] = []
    while let line = next() {
      if line == "/ {" {
        let root = try node("/", depth: 0)
        guard next() == nil else { throw refused("more than one tree") }
        return (head, root)
      }
      guard line == "/dts-v1/;" || line.hasPrefix("/memreserve/") else {
        throw refused("the head of the tree is missing")
      }
      head.append(line)
    }
    throw refused("no root")
  }

  private mutating func node(
    _ name: String, depth: Int
  ) throws(Failure) -> DeviceTreeText.Node {
    guard depth < Self.deepest else { throw refused("nodes are nested too deeply") }
    var node = DeviceTreeText.Node(name: name)
    while let line = next() {
      if line == "};" { return node }
      if line.hasSuffix(" {") {
        let child = String(line.dropLast(2))
        guard Self.isName(child) else { throw refused("an invalid node name") }
        node.children.append(try self.node(child, depth: depth + 1))
      } else {
        node.properties.append(try property(line))
      }
    }
    throw refused("a node without an end")
  }

  private func property(_ line: String) throws(Failure) -> DeviceTreeText.Property {
    guard line.hasSuffix(";") else { throw refused("a property over several lines") }
    let statement = line.dropLast()
    guard let assign = statement.firstRange(of: " = ") else {
      guard Self.isName(statement) else { throw refused("an invalid property name") }
      return .init(name: String(statement), value: nil)
    }
    let name = statement[..<assign.lowerBound]
    let value = statement[assign.upperBound...]
    guard Self.isName(name), !value.isEmpty else { throw refused("no property") }
    return .init(name: String(name), value: String(value))
  }

  /// Whether `text` has only characters that the Devicetree Specification (2.2.1, 2.2.4) allows in names of
  /// nodes and properties.
  private static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: ",._+-?#@".utf8.contains(byte)
        }
      }
  }

  private func refused(_ what: String) -> Failure {
    Failure(
      .incomplete, "line \(index) of the machine's device tree is not understood: \(what)",
      advice: "use QEMU 7.2 or later, and dtc 1.6 or later")
  }
}

extension Substring {
  /// The text without blanks and tabs at its ends.
  fileprivate var trimmingBlanks: String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    var text = drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return String(text)
  }
}
