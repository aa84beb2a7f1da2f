// SPDX-License-Identifier: GPL-2.0-only

/// The cost of one set of cases, in nanoseconds per case.
public struct BenchRow: Hashable, Sendable {
  /// The number of entries per table.
  public var geometry: Int
  /// The paging mode's name.
  public var mode: String
  /// The set of cases: "universes", "catalogue", or a large teardown by its size.
  public var name: String
  /// The number of cases.
  public var cases: Int
  /// The time to load the state and run in C.
  public var subject: Double
  /// The same in Swift.
  public var port: Double
  /// The time for both, with complete observation and comparison.
  public var checked: Double

  /// The cost of a checked case, relative to one in C alone.
  public var checkedToSubject: Double { checked / subject }
  /// The cost of the port, relative to C.
  public var portToSubject: Double { port / subject }

  init(geometry: Int, mode: String, name: String, cases: Int, total: Timing) {
    self.geometry = geometry
    self.mode = mode
    self.name = name
    self.cases = cases
    subject = Double(total.subject) / Double(cases)
    port = Double(total.port) / Double(cases)
    checked = Double(total.checked) / Double(cases)
  }
}

/// The measurements of a run of `mhpcheck bench`.
public struct BenchReport: Sendable {
  /// The rows, in the order of measurement.
  public var rows: [BenchRow]
  /// The same program beside another one; nil if none was named.
  public var comparison: BenchComparison?
}
