// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc

/// The times of cases that a program prints with `mhpcheck bench --json -`.
struct PrintedFigures: Decodable, Sendable {
  struct Row: Decodable, Sendable {
    var geometry: Int
    var mode: String
    var name: String
    var c: Double
    var port: Double
    var checked: Double

    /// The times, by the way of running the cases.
    static var ways: [(kind: BenchComparison.Figure.Kind, time: KeyPath<Row, Double>)] {
      [(.c, \.c), (.port, \.port), (.checked, \.checked)]
    }

    /// The properties that tell the row from the others of a run.
    fileprivate var key: [String] { ["\(geometry)", mode, name] }

    /// The kind of cases. Each large teardown has a row of its own, for one case.
    fileprivate var kindOfCases: String {
      PrintedFigures.kindsOfCases.contains(name) ? name : PrintedFigures.teardowns
    }

    fileprivate var isPositive: Bool { c > 0 && port > 0 && checked > 0 }
  }

  fileprivate static let teardowns = "large teardowns"
  fileprivate static let kindsOfCases = ["universes", "catalogue", teardowns]

  var rows: [Row]

  /// The figures of two programs, from their runs in pairs. A value is the geometric mean over the rows of one kind of
  /// cases, so each mode counts as much as the others. Only rows that all runs have count.
  static func figures(this: [PrintedFigures], base: [PrintedFigures]) -> [BenchComparison.Figure] {
    let shared = shared(this + base)
    var figures: [BenchComparison.Figure] = []
    for cases in kindsOfCases {
      for (kind, time) in Row.ways {
        func values(_ runs: [PrintedFigures]) -> [Double] {
          runs.compactMap { run in
            let rows = run.rows.filter { $0.kindOfCases == cases && shared.contains($0.key) }
            return mean(rows.map { $0[keyPath: time] })
          }
        }
        let (own, others) = (values(this), values(base))
        guard !own.isEmpty else { continue }
        figures.append(.init(what: cases, kind: kind, this: own, base: others))
      }
    }
    return figures
  }

  /// The keys of the rows that all runs have.
  private static func shared(_ runs: [PrintedFigures]) -> Set<[String]> {
    let first = Set(runs.first?.rows.map(\.key) ?? [])
    return runs.dropFirst().reduce(first) { $0.intersection($1.rows.map(\.key)) }
  }

  /// The geometric mean of positive values; nil if there are none.
  private static func mean(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sum = values.reduce(0.0) { $0 + log($1) }
    return exp(sum / Double(values.count))
  }
}

extension PrintedFigures {
  /// Reads what a program printed; nil if it is not what `mhpcheck bench` prints.
  init?(_ json: [UInt8]) {
    guard let read = try? JSONDecoder().decode(Self.self, from: Data(json)), !read.rows.isEmpty,
      read.rows.allSatisfy(\.isPositive)
    else { return nil }
    self = read
  }
}
