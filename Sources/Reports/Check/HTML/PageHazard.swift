// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle

/// A hazard, in the words of the template.
struct PageHazard {
  var hazardID: String
  var hazardName: String
  var hazardModes: String
  var hazardSentence: String
  var known: String
  var purpose: String
  var caseName: String
  var calls: [String]
  var figureRows: [PageCase.FigureRow]
  var noFigures: String
  var traces: [PageCase.TraceRow]
  var traceCaption: String
  var steps: [String]
  var replayCommand: Page.Command
  /// Bytes of its drawings.
  let weight: Int

  /// Hazards of one page, and bytes of their drawings.
  private static let shown = 40
  private static let room = 300_000

  /// All of a report.
  static func all(_ report: Report) -> [PageHazard] {
    var weight = 0
    return report.hazards.prefix(shown).enumerated().map { place, reported in
      let hazard = PageHazard(reported, number: place + 1, hasRoom: weight < room)
      weight += hazard.weight
      return hazard
    }
  }

  private init(_ reported: ReportedHazard, number: Int, hasRoom: Bool) {
    let group = reported.group
    let id = "hazard-\(number)"
    let shown = PageCase(
      id: id, scenario: reported.scenario, reference: reported.reference, hasRoom: hasRoom)
    hazardID = id
    hazardName = "\(group.id): \(reported.title)"
    hazardModes =
      "on \(group.modes.joined(separator: " ")), in \(group.places.count) "
      + (group.places.count == 1 ? "case" : "cases")
    hazardSentence = PageText.sentence(group.violation.sentence)
    known = group.hazard.map { Hazard($0).known } ?? ""
    purpose = PageText.line(reported.scenario.purpose, atMost: 600)
    caseName = PageText.line("\(reported.scenario.id), \(reported.scenario.mode)")
    calls = shown.calls
    figureRows = shown.figureRows
    weight = shown.weight
    noFigures = shown.noFigures
    traces = shown.traces
    traceCaption = shown.traceCaption
    steps = shown.steps
    replayCommand = Page.Command(
      commandID: "\(id)-replay", commandName: "replay \(group.id)",
      command: PageText.line(reported.replay, atMost: 2000))
  }
}
