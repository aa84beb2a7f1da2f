// SPDX-License-Identifier: GPL-2.0-only

import Reports

extension BenchReport {
  /// One object of the schema "mhpcheck.bench/1", with a final newline. Times are in nanoseconds per case, of
  /// the thread's CPU time.
  public func json(tool: String) -> String {
    JSONText.of(WireBench(tool: tool, rows: rows.map(WireRow.init)))
  }
}

private struct WireBench: Encodable {
  var schema = "mhpcheck.bench/1"
  var tool: String
  var rows: [WireRow]
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
