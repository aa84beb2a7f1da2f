// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle
import Port

/// A fleet in schema "mhpcheck.fleet/1".
struct WireFleet: Encodable {
  struct Subject: Encodable {
    struct Function: Encodable {
      var name: String
      var status: FunctionStatus
      var cases: Int
      var differences: Int
    }

    struct Hazard: Encodable {
      var id: String
      var title: String
      var modes: [String]
      var replay: String
    }

    var label: String
    var subject: String
    /// Omitted if there is no report; so are `origin` and `sha256`.
    var kind: String?
    var origin: String?
    var sha256: String?
    /// The verdict, as in "mhpcheck.report/1"; "absent" if the subject has none of the functions.
    var verdict: String
    /// The verdict's line, or the reason why there is no verdict.
    var what: String
    /// The state of each fix, by commit.
    var fixes: [String: FixState]
    var missingFixes: [String]
    var hazards: [Hazard]
    var functions: [Function]
    var cases: Int
    var seconds: Double
  }

  var schema = "mhpcheck.fleet/1"
  var tool: String
  var against: String
  var modes: [String]
  var depth: String
  var seconds: Double
  var conforming: Int
  var subjects: [Subject]

  init(_ fleet: FleetReport) {
    tool = fleet.tool
    against = fleet.against.name
    modes = fleet.modes
    depth = fleet.depth
    seconds = fleet.seconds
    conforming = fleet.conforming
    subjects = fleet.rows.map { row in
      let report = row.report
      return Subject(
        label: row.label, subject: row.argument, kind: report?.subject.kind,
        origin: report?.subject.origin, sha256: report?.subject.sha256, verdict: row.word,
        what: report.map { VerdictText($0).line.plain }
          ?? row.reason ?? "",
        fixes: Dictionary(
          uniqueKeysWithValues: UpstreamFixes.all.map { ($0.commit, row.state(of: $0.fix)) }),
        missingFixes: report?.missing.flatMap(\.descriptions).map(\.commit) ?? [],
        hazards: report?.hazards.map {
          Subject.Hazard(
            id: $0.bug.id, title: $0.bug.title, modes: $0.modes, replay: $0.replay)
        } ?? [],
        functions: report?.functions.map {
          Subject.Function(
            name: $0.function.name, status: $0.status, cases: $0.cases,
            differences: $0.differences)
        } ?? [], cases: report?.cases ?? 0, seconds: report?.seconds ?? 0)
    }
  }
}
