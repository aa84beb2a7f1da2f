// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

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
  var figureRows: [PageCase.FigureRow]
  var noFigures: String
  var traces: [PageCase.TraceRow]
  var traceCaption: String
  var steps: [String]
  var source: PageSource?
  /// The difference under which the function's lines stand already.
  var sourceElsewhere: PageSourceLink?
  var replayCommand: Page.Command
  var casePicks: [Page.Command]
  /// Bytes of its drawings.
  let weight: Int

  init(_ reported: ReportedDifference, in report: Report, isOpen: Bool, hasRoom: Bool) {
    let group = reported.group
    let shown = PageCase(
      id: reported.id, scenario: reported.scenario, difference: reported.difference,
      subject: reported.subject, reference: reported.reference, hasRoom: hasRoom)
    differenceID = reported.id
    self.isOpen = isOpen
    function = group.cause
    mode = group.mode
    why =
      group.explanation.map { ", explained by \(DifferenceSummary.cause($0, in: report))" } ?? ""
    count = group.places.count == 1 ? "in 1 case" : "in \(group.places.count) cases"
    sentence = PageText.sentence(DifferenceSummary.sentence(reported))
    purpose = PageText.line(reported.scenario.purpose, atMost: 600)
    caseName = PageText.line("\(reported.scenario.id), \(reported.scenario.mode)")
    remarks = DifferenceSummary.remarks(reported).map { PageText.sentence($0) + "." }
    if let origin = Self.origin(reported) { remarks.append(origin) }
    calls = shown.calls
    figureRows = shown.figureRows
    weight = shown.weight
    noFigures = shown.noFigures
    traces = shown.traces
    traceCaption = shown.traceCaption
    steps = shown.steps
    replayCommand = Page.Command(
      commandID: "\(reported.id)-replay", commandName: "replay \(reported.id)",
      command: PageText.line(reported.replay, atMost: 2000))
    let missing = group.explanation?.intersection(UpstreamFixes(report.missing)) ?? []
    casePicks = missing.descriptions.map {
      PageFix.command($0, id: "\(reported.id)-pick-\($0.commit)")
    }
  }

  private static func origin(_ reported: ReportedDifference) -> String? {
    reported.madeFrom.map { origin in
      let end =
        reported.isMinimal
        ? "nothing more of it can be left out" : "there may be more to leave out: time was up"
      return "Made smaller from \(origin); \(end)."
    }
  }
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
    function = reported.group.cause
    mode = reported.group.mode
    what = DifferenceSummary.sentence(reported)
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
    var places: [KernelFunction: String] = [:]
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
