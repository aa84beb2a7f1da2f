// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel

/// A difference in full, in the words of the template.
struct PageDifference {
  var differenceID: String
  var isOpen: Bool
  var function: String
  var mode: String
  var why: String
  var count: String
  var sentence: String
  var purpose: String
  var caseName: String
  var remarks: [String]
  var calls: [String]
  var figures: [PageCase.Figure]
  var noFigures: String
  var traces: [PageCase.TraceRow]
  var traceCaption: String
  var source: PageSource?
  /// The difference under which the function's lines stand already.
  var sourceElsewhere: PageSourceLink?
  var replayCommand: Page.Command
  var casePicks: [Page.Command]

  init(_ reported: ReportedDifference, in report: Report, isOpen: Bool, hasRoom: Bool) {
    let group = reported.group
    let shown = PageCase(
      id: reported.id, scenario: reported.scenario, difference: reported.difference,
      subject: reported.subject, reference: reported.reference, hasRoom: hasRoom)
    differenceID = reported.id
    self.isOpen = isOpen
    function = group.function.name
    mode = group.mode
    why = group.explanation.map { ", explained by \(TextRenderer.cause($0, in: report))" } ?? ""
    count = group.places.count == 1 ? "in 1 case" : "in \(group.places.count) cases"
    sentence = "The subject " + Self.what(reported)
    purpose = PageText.line(reported.scenario.purpose, atMost: 600)
    caseName = PageText.line("\(reported.scenario.id), \(reported.scenario.mode)")
    remarks =
      group.rules.map { "It breaks the rule \($0.rawValue): \($0.sentence)." }
      + group.mended.map {
        "The reference has hazard \($0.rawValue) in all of these cases, and the subject does not: it may "
          + "mend upstream's text."
      } + [Self.origin(reported)].compactMap { $0 }
    calls = shown.calls
    figures = shown.figures
    noFigures = shown.noFigures
    traces = shown.traces
    traceCaption = shown.traceCaption
    replayCommand = Page.Command(
      commandID: "\(reported.id)-replay", commandName: "replay \(reported.id)",
      command: PageText.line(reported.replay, atMost: 2000))
    let missing = group.explanation?.intersection(UpstreamFixes(report.missing)) ?? []
    casePicks = missing.descriptions.map {
      PageFix.command($0, id: "\(reported.id)-pick-\($0.commit)")
    }
  }

  /// What the subject does, and the reference does not, without a full stop.
  static func what(_ reported: ReportedDifference) -> String {
    let naming = StateDrawing(
      scenario: reported.scenario, subject: reported.subject, reference: reported.reference
    )?.naming
    return reported.difference.flatMap { naming?.sentence($0) }
      ?? "kills the process that runs it"
  }

  private static func origin(_ reported: ReportedDifference) -> String? {
    reported.madeFrom.map { origin in
      let end =
        reported.isMinimal
        ? "nothing more of it can be left out" : "there may be more to leave out: time was up"
      return "Made smaller from \(origin); \(end)."
    }
  }

  /// Bytes of its drawings.
  var weight: Int { figures.reduce(0) { $0 + $1.svg.utf8.count + $1.tree.utf8.count } }
}

/// A kind of difference in a line, in the words of the template.
struct PageListedDifference {
  var listedID: String
  var function: String
  var mode: String
  var what: String
  var replay: String

  init(_ reported: ReportedDifference) {
    listedID = reported.id
    function = reported.group.function.name
    mode = reported.group.mode
    what = PageDifference.what(reported)
    replay = PageText.line(reported.replay, atMost: 2000)
  }
}

extension Page {
  /// How many differences stand open: those that the terminal shows.
  private static let open = 4
  /// How many are drawn, and how many are named.
  private static let drawn = 12
  private static let named = 100
  /// Bytes that all drawings of a page may take.
  static let room = 500_000

  /// Fills in the differences: the most telling ones open, others closed, the rest by name.
  mutating func fill(differences report: Report) {
    let telling = TextRenderer.mostTelling(report.differences, atMost: Self.open)
    let names = Set(telling.map(\.id))
    let ordered = telling + report.differences.filter { !names.contains($0.id) }
    var weight = 0
    var places: [SurfaceFunction: String] = [:]
    for (place, reported) in ordered.prefix(Self.drawn).enumerated() {
      var shown = PageDifference(
        reported, in: report, isOpen: place < telling.count, hasRoom: weight < Self.room)
      weight += shown.weight
      let function = reported.group.function
      if let earlier = places[function] {
        shown.sourceElsewhere = PageSourceLink(function, at: earlier)
      } else if let source = report.sources.first(where: { $0.function == function }) {
        shown.source = PageSource(source)
        places[function] = reported.id
      }
      differences.append(shown)
    }
    listed = ordered.dropFirst(Self.drawn).prefix(Self.named).map { PageListedDifference($0) }
    listedTitle =
      listed.count == 1 ? "1 more kind of difference" : "\(listed.count) more kinds of difference"
    let left = ordered.count - Self.drawn - Self.named
    if left > 0 { rest = "\(left) more kinds of difference; --json FILE writes all of them." }
    noDifferences =
      report.groups.isEmpty
      ? "No case parts the subject from the reference."
      : "Kinds of difference were found, and none was looked at in full."
  }
}
