// SPDX-License-Identifier: GPL-2.0-only

import Reports

extension BenchReport {
  /// One object of the schema "mhpcheck.bench/1", with a final newline. Times of rows are in nanoseconds per case,
  /// of the thread's CPU time.
  public func json(tool: String) -> String {
    JSONText.of(
      WireBench(
        tool: tool, rows: rows.map(WireRow.init), comparison: comparison.map(WireComparison.init)))
  }
}

private struct WireBench: Encodable {
  var schema = "mhpcheck.bench/1"
  var tool: String
  var rows: [WireRow]
  var comparison: WireComparison?
}

private struct WireRow: Encodable {
  var geometry: Int
  var mode: String
  var name: String
  var cases: Int
  var c: Double
  var port: Double
  var checked: Double
  var checkedToC: Double
  var portToC: Double

  init(_ row: BenchRow) {
    geometry = row.geometry
    mode = row.mode
    name = row.name
    cases = row.cases
    c = row.subject
    port = row.port
    checked = row.checked
    checkedToC = row.checkedToSubject
    portToC = row.portToSubject
  }
}

private struct WireComparison: Encodable {
  var program: String
  var version: String
  var pairs: Int
  var limit: Double
  var verdict: String
  var figures: [WireFigure]

  init(_ comparison: BenchComparison) {
    program = comparison.program
    version = comparison.version
    pairs = comparison.pairs
    limit = PairedRatio.limit
    verdict = comparison.speed.rawValue
    figures = comparison.figures.map(WireFigure.init)
  }
}

private struct WireFigure: Encodable {
  var what: String
  var figure: String
  var unit: String
  var this: [Double]
  var base: [Double]
  var ratio: Double
  var from: Double
  var to: Double
  var confidence: Double
  var verdict: String

  init(_ measured: BenchComparison.Figure) {
    let paired = measured.ratio
    what = measured.what
    figure = measured.kind.rawValue
    unit = measured.kind.isOfCommand ? "seconds" : "nanoseconds"
    this = measured.this
    base = measured.base
    ratio = paired.median
    from = paired.interval.lowerBound
    to = paired.interval.upperBound
    confidence = paired.confidence
    verdict = paired.speed.rawValue
  }
}
