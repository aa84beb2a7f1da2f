// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A line of the subject's text, and the calls that led there, the innermost first.
struct WirePlace: Encodable {
  struct Frame: Encodable {
    var function: String
    var file: String
    var line: Int
  }

  /// An edit of the subject with which it does what the reference does. Either text may be empty.
  struct Edit: Encodable {
    var from: String
    var to: String
  }

  /// "act" or "omission".
  var kind: Place.Kind
  /// "run", "text" or "edit".
  var basis: Place.Basis
  /// With basis "text", where two subjects are compared: whether an experiment shows that this makes the difference.
  var tried: Bool?
  /// With basis "text", the reference's lines there, or the other subject's.
  var reference: String?
  /// With basis "edit", what the edit changes.
  var edit: Edit?
  var frames: [Frame]

  init(_ place: Place, ofPair isOfPair: Bool = false) {
    kind = place.kind
    basis = place.basis
    tried = isOfPair && place.basis == .text ? place.isTried : nil
    reference = place.basis == .text ? place.reference : nil
    edit =
      place.basis == .edit
      ? place.part.map { Edit(from: $0.subject, to: $0.reference) } : nil
    frames = place.frames.map { Frame(function: $0.function, file: $0.file, line: $0.line) }
  }
}

/// A difference in schema "mhpcheck.report/1".
struct WireDifference: Encodable {
  struct Observed: Encodable {
    /// The ending of the operations: "finished", "overrun", ...
    var ending: String
    /// The ending as a phrase.
    var endingText: String
    /// The first thousand events of the trace, one phrase each.
    var trace: [String]
    /// The number of events in the whole trace.
    var events: Int
    /// The tables at the end, as a tree in text: one line per run of entries.
    var tables: [String]
    var maxPfn: String
    var maxLowPfn: String
    var altmapAlloc: [String]
  }

  struct Observations: Encodable {
    var subject: Observed?
    var reference: Observed?
  }

  var id: String
  var function: String
  var mode: String
  var what: String
  /// The kind of the difference, for grouping: "overrun-for-finished", "destruct-for-free", ...
  var kind: String
  /// The set of fixes of the port that the case was compared with.
  var against: String
  /// The fixes, missing or beyond the requested set, that explain the difference; empty when none do.
  var explainedBy: [String]
  /// The oracle rules that the subject, and not the reference, breaks in the scenario.
  var rules: [String]
  /// The same for any of its cases.
  var rulesOfCases: [String]
  /// The hazards that the reference has in each of its cases and the subject does not.
  var mended: [String]
  /// The number of cases that show it.
  var cases: Int
  /// The case from which the scenario was shrunk.
  var madeFrom: String?
  /// Whether no single removal or simplification of the scenario still shows the difference.
  var isMinimal: Bool
  var replay: String
  /// The line of the subject's text at which the sides part.
  var place: WirePlace?
  var scenario: Scenario
  var observations: Observations

  init(_ reported: ReportedDifference) {
    let group = reported.group
    let drawing = CaseTables(
      scenario: reported.scenario, subject: reported.subject, reference: reported.reference)
    id = reported.id
    function = group.cause
    mode = group.mode
    let told = reported.difference?.told(of: reported.subject, from: reported.reference)
    what =
      told.flatMap { drawing?.naming.sentence($0) } ?? "kills the process that runs it"
    kind = group.signature
    against = group.reference.name
    explainedBy = group.explanation?.descriptions.map(\.commit) ?? []
    rules = group.rules.map(\.rawValue)
    rulesOfCases = group.rulesOfCases.map(\.rawValue)
    mended = group.mended.map(\.rawValue)
    cases = group.places.count
    madeFrom = reported.madeFrom
    isMinimal = reported.isMinimal
    replay = reported.replay
    place = reported.place.map { WirePlace($0) }
    scenario = reported.scenario
    observations = Observations(
      subject: reported.subject.flatMap { Self.observed($0, drawing) },
      reference: reported.reference.flatMap { Self.observed($0, drawing) })
  }

  /// One side's observation, with the names of its own tables.
  static func observed(_ observation: Observation, _ drawing: CaseTables?) -> Observed? {
    guard let drawing else { return nil }
    let naming = drawing.naming(of: observation)
    return Observed(
      ending: EndingKind(rawValue: observation.ending.kind)?.name ?? "unknown",
      endingText: naming.phrase(observation.ending),
      trace: observation.events.prefix(1000).map(naming.phrase), events: observation.events.count,
      tables: drawing.after(observation, marked: nil).map(\.text),
      maxPfn: naming.hex(observation.maxPFN), maxLowPfn: naming.hex(observation.maxLowPFN),
      altmapAlloc: observation.altmapAllocs.map(naming.hex))
  }
}
