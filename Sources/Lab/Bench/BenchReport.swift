// SPDX-License-Identifier: GPL-2.0-only

/// What one set of cases cost, in nanoseconds a case.
public struct BenchRow: Hashable, Sendable {
  /// Entries a table.
  public var geometry: Int
  /// The paging mode's name.
  public var mode: String
  /// Which cases: "universes", "catalogue", or a large teardown by its size.
  public var name: String
  /// How many cases.
  public var cases: Int
  /// Loading the state and running in C.
  public var subject: Double
  /// The same in Swift.
  public var port: Double
  /// Both, with complete observation and comparison.
  public var checked: Double

  /// What a checked case costs in terms of one in C alone.
  public var checkedToSubject: Double { checked / subject }
  /// What the port costs in terms of C.
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

/// What a run of `mhpcheck bench` measured.
public struct BenchReport: Sendable {
  /// In the order of measuring.
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

  /// Columns of words.
  private static let leftColumns = 1...2

  private static func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }

  /// With two decimals.
  static func hundredths(_ value: Double) -> String {
    let all = Int((value * 100).rounded())
    return "\(all / 100).\(all % 100 < 10 ? "0" : "")\(all % 100)"
  }
}
