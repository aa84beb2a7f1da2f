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

  /// The rows under a heading, in columns.
  public var text: String {
    let heading = [
      "entries", "mode", "what", "cases", "c ns", "port ns", "checked ns", "checked/c", "port/c",
    ]
    let lines =
      [heading]
      + rows.map { row in
        [
          "\(row.geometry)", row.mode, row.name, "\(row.cases)", Self.whole(row.subject),
          Self.whole(row.port), Self.whole(row.checked), Self.hundredths(row.checkedToSubject),
          Self.hundredths(row.portToSubject),
        ]
      }
    let widths = heading.indices.map { column in
      lines.reduce(0) { max($0, $1[column].count) }
    }
    return lines.map { line in
      line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return Self.leftColumns.contains(column) ? line[column] + padding : padding + line[column]
      }.joined(separator: "  ") + "\n"
    }.joined()
  }

  /// Columns of words, which are aligned to the left.
  private static let leftColumns = 1...2

  private static func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }

  /// The value with two decimals.
  static func hundredths(_ value: Double) -> String {
    let all = Int((value * 100).rounded())
    return "\(all / 100).\(all % 100 < 10 ? "0" : "")\(all % 100)"
  }
}
