// SPDX-License-Identifier: GPL-2.0-only

/// An explanation in schema "mhpcheck.explanation/1".
struct WireExplanation: Encodable {
  struct Command: Encodable {
    var line: String
    /// The additional requirement; empty if there is none.
    var need: String
  }

  var schema = "mhpcheck.explanation/1"
  var tool: String
  var id: String
  var kind: String
  var title: String
  var what: String
  var why: String
  var origin: String
  var commands: [Command]

  init(_ explanation: Explanation, tool: String) {
    self.tool = tool
    id = explanation.id
    kind = explanation.kind.rawValue
    title = explanation.title
    what = explanation.what
    why = explanation.why
    origin = explanation.origin
    commands = explanation.commands.map { Command(line: $0.line, need: $0.need.rawValue) }
  }
}

/// A list of things with ids, in schema "mhpcheck.list/1".
struct WireList: Encodable {
  struct Item: Encodable {
    var id: String
    var title: String
    var remarks: [String]
  }

  var schema = "mhpcheck.list/1"
  var tool: String
  /// "cases", "functions", ...
  var topic: String
  var items: [Item]
}
