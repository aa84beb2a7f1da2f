// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// A coverage report in schema "mhpcheck.coverage/1".
struct WireCoverage: Encodable {
  struct Share: Encodable {
    var total: Int
    var reached: Int

    init(_ share: Coverage.Share) {
      total = share.total
      reached = share.reached
    }
  }

  /// A point of the text, e.g. one that was not reached.
  struct Point: Encodable {
    /// "entry", "statement", "branch" or "condition".
    var kind: CoveragePoint.Kind
    var function: String
    var file: String
    var line: Int
    var text: String

    init(_ point: CoveragePoint, of function: String) {
      kind = point.kind
      self.function = function
      file = point.line.file
      line = point.line.number
      text = point.text
    }
  }

  /// An unreached branch, with the argument that it is unreachable.
  struct Argued: Encodable {
    var function: String
    var text: String
    var reason: String

    init(_ branch: ArguedBranch) {
      function = branch.function
      text = branch.text
      reason = branch.reason
    }
  }

  /// Lines of a function that coverage did not look into.
  struct Unread: Encodable {
    var function: String
    var file: String
    var first: Int
    var last: Int
    var reason: String

    init(_ unread: CoveredFunction.Unread, of function: String) {
      self.function = function
      file = unread.first.file
      first = unread.first.number
      last = unread.last
      reason = unread.reason
    }
  }

  struct Function: Encodable {
    var name: String
    var file: String?
    var line: Int?
    /// "compiled", "not-compiled" or "not-read".
    var status: String
    var lines: Share
    var branches: Share
    var conditions: Share

    init(_ covered: Coverage.Function) {
      name = covered.function.name
      file = covered.function.lines.first?.line.file
      line = covered.function.lines.first?.line.number
      status =
        covered.function.points.isEmpty
        ? "not-read" : covered.isCompiled ? "compiled" : "not-compiled"
      lines = Share(covered.lines)
      branches = Share(covered.branches)
      conditions = Share(covered.conditions)
    }
  }

  var schema = "mhpcheck.coverage/1"
  var tool: String
  var subject: WireSubject
  var modes: [String]
  /// The sources of the cases that ran: "catalogue", "random", "universes".
  var means: [String]
  var seed: UInt64
  var seconds: Double
  var isComplete: Bool
  var lines: Share
  var branches: Share
  var conditions: Share
  var functions: [Function]
  var unreached: [Point]
  /// Branches that the configuration or a header decides. They do not count.
  var decided: [Point]
  /// Unreached branches that are argued to be unreachable. They do not count.
  var argued: [Argued]
  var unread: [Unread]
  /// The subject's own macros that contain decisions; coverage does not look into them.
  var macros: [String]

  init(_ report: CoverageReport) {
    let coverage = report.coverage
    tool = report.tool
    subject = WireSubject(report.subject)
    modes = report.modes
    means = report.means
    seed = report.seed
    seconds = report.seconds
    isComplete = report.isComplete
    lines = Share(coverage.lines)
    branches = Share(coverage.branches)
    conditions = Share(coverage.conditions)
    functions = coverage.functions.map { Function($0) }
    unreached = coverage.functions.flatMap { covered in
      covered.unreached.map { Point($0, of: covered.function.name) }
    }
    decided = coverage.functions.flatMap { covered in
      covered.decided.map { Point($0, of: covered.function.name) }
    }
    argued = coverage.functions.flatMap(\.argued).map { Argued($0) }
    unread = Self.unread(coverage)
    macros = coverage.macros
  }

  static func unread(_ coverage: Coverage) -> [Unread] {
    coverage.functions.flatMap { covered in
      covered.function.unread.map { Unread($0, of: covered.function.name) }
    }
  }
}
