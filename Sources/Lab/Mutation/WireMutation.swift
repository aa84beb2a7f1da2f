// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Reports

/// The wire format "mhpcheck.mutation/1".
struct WireMutation: Encodable {
  struct Mutant: Encodable {
    var id: String
    var function: String
    var what: String
    var file: String
    var line: Int
    var diff: String
    var fingerprint: String
    var reason: String?

    init(_ mutant: MutationReport.Mutant) {
      id = mutant.id
      function = mutant.function
      what = mutant.what
      file = mutant.file
      line = mutant.line
      diff = mutant.diff
      fingerprint = mutant.fingerprint
      if case .equivalent(let reason) = mutant.fate { self.reason = reason }
    }
  }

  struct Kill: Encodable {
    var id: String
    var by: String
  }

  struct Function: Encodable {
    var name: String
    var total: Int
    var killed: Int
    var equivalent: Int
  }

  struct Uncounted: Encodable {
    var uncompilable: Int
    var identical: Int
    var duplicates: Int
    var notRun: Int
  }

  struct Stale: Encodable {
    var id: String
    var why: String
  }

  var schema = "mhpcheck.mutation/1"
  var tool: String
  var subject: WireSubject
  var complete: Bool
  var total: Int
  var killed: Int
  var survivors: [Mutant]
  var equivalent: [Mutant]
  var kills: [Kill]
  var functions: [Function]
  var uncounted: Uncounted
  var stale: [Stale]
  var unread: [String]
  var seconds: Double

  init(_ report: MutationReport) {
    let score = report.score()
    tool = report.tool
    subject = WireSubject(report.subject)
    complete = report.isComplete
    total = score.total
    killed = score.killed
    survivors = report.mutants.filter { $0.fate == .survived }.map(Mutant.init)
    equivalent = report.mutants.map(Mutant.init).filter { $0.reason != nil }
    kills = report.mutants.compactMap { mutant in
      guard case .killed(let name) = mutant.fate else { return nil }
      return Kill(id: mutant.id, by: name)
    }
    functions = report.functions.map { name in
      let score = report.score(of: name)
      return Function(
        name: name, total: score.total, killed: score.killed, equivalent: score.equivalent)
    }
    uncounted = Uncounted(
      uncompilable: report.uncounted.uncompilable, identical: report.uncounted.identical,
      duplicates: report.uncounted.duplicates, notRun: report.uncounted.notRun)
    stale = report.stale.map { Stale(id: $0.id, why: $0.why) }
    unread = report.unread
    seconds = report.seconds
  }
}

extension JSONRenderer {
  /// One object of the schema "mhpcheck.mutation/1", with a final newline.
  public func render(_ report: MutationReport) -> String { JSONText.of(WireMutation(report)) }
}
