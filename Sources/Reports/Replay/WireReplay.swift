// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// A replayed case in schema "mhpcheck.replay/1".
struct WireReplay: Encodable {
  /// An oracle rule that a side breaks.
  struct Broken: Encodable {
    var rule: String
    var hazard: String?
    /// The number of the call, from 1.
    var call: Int
    var what: String

    init(_ violation: Violation) {
      rule = violation.rule.rawValue
      hazard = violation.hazard?.rawValue
      call = violation.operation + 1
      what = violation.sentence
    }
  }

  var schema = "mhpcheck.replay/1"
  var tool: String
  var subject: String
  var against: String
  /// Whether both sides did the same.
  var same: Bool
  /// The first difference, as a sentence about the subject; nil when there is none.
  var what: String?
  var broken: [Broken]
  /// The rules that both sides break.
  var brokenByBoth: [Broken]
  var scenario: Scenario
  var observations: WireDifference.Observations

  init(_ replayed: ReplayedCase, tool: String) {
    let tables = CaseTables(
      scenario: replayed.scenario, subject: replayed.subject, reference: replayed.reference)
    self.tool = tool
    subject = replayed.subjectName
    against = replayed.against.name
    same = replayed.subject != nil && replayed.difference == nil
    let told = replayed.difference?.told(of: replayed.subject, from: replayed.reference)
    what =
      same
      ? nil : told.flatMap { tables?.naming.sentence($0) } ?? "kills the process that runs it"
    broken = replayed.broken.own.map { Broken($0) }
    brokenByBoth = replayed.broken.shared.map { Broken($0) }
    scenario = replayed.scenario
    observations = WireDifference.Observations(
      subject: replayed.subject.flatMap { WireDifference.observed($0, tables) },
      reference: replayed.reference.flatMap { WireDifference.observed($0, tables) })
  }
}
