// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// Many subjects, each held against the same port, as a value.
public struct FleetReport: Sendable {
  /// The tool's version.
  public var tool: String
  /// The set of fixes that all of them were held against.
  public var against: UpstreamFixes
  /// The paging modes' names.
  public var modes: [String]
  /// How much was run, as `--depth` has it.
  public var depth: String
  /// The subjects, in the order given.
  public var rows: [FleetRow]
  /// From start to end.
  public var seconds: Double

  /// Subjects in the order in which they were given, and what came of each.
  init(
    tool: String, against: UpstreamFixes, modes: [String], depth: String,
    subjects: [(argument: String, outcome: FleetRow.Outcome)], seconds: Double
  ) {
    self.tool = tool
    self.against = against
    self.modes = modes
    self.depth = depth
    rows = subjects.enumerated().map { place, subject in
      FleetRow(
        label: FleetRow.label(place), argument: subject.argument, outcome: subject.outcome)
    }
    self.seconds = seconds
  }

  /// The functions that at least one of the subjects has.
  package var functions: [KernelFunction] {
    let listed = rows.compactMap(\.report).flatMap(\.listedFunctions)
    return Set(listed.filter { $0.status != .absent }.map(\.function)).sorted()
  }

  /// Those of which something is known beside a line: the tables are of these.
  package var tabled: [FleetRow] { rows.filter(\.isTabled) }

  /// How many conform.
  package var conforming: Int { rows.count { $0.report?.verdict == .conforms } }

  /// The listed hazards, and those that no list has.
  package static let hazards = Hazard.ID.allCases.map(\.rawValue) + [unlisted]
  /// The id of hazards that no list has.
  package static let unlisted = "unlisted"
}

/// A subject of a fleet.
public struct FleetRow: Sendable {
  /// What came of it.
  public enum Outcome: Sendable {
    /// It was run; a run that was stopped is one, too.
    case judged(Report)
    /// It was read, and has none of the functions: why, in one line.
    case withoutSurface(String)
    /// It could not be read, extracted or compiled: why, in one line.
    case unreadable(String)
    /// It could not be run to an end: why, in one line.
    case incomplete(String)
  }

  /// Short and unique in the report: "A", "B", ...
  public var label: String
  /// The SUBJECT argument.
  public var argument: String
  /// What came of it.
  public var outcome: Outcome

  /// The report of a subject that was judged.
  package var report: Report? {
    guard case .judged(let report) = outcome else { return nil }
    return report
  }

  /// Whether it was read and has none of the functions.
  var isWithoutSurface: Bool {
    if case .withoutSurface = outcome { true } else { false }
  }

  /// Whether something is known of its fixes, hazards and functions.
  var isTabled: Bool { report != nil || isWithoutSurface }

  /// The overall word: that of the report; "absent" for a subject that has none of the functions.
  public var word: String {
    switch outcome {
    case .judged(let report): report.verdict.rawValue
    case .withoutSurface: "absent"
    case .unreadable: Verdict.unbuildable.rawValue
    case .incomplete: Verdict.incomplete.rawValue
    }
  }

  /// What it resolved to; the argument where it could not be read.
  package var origin: String { report?.subject.origin ?? argument }

  /// Why there is no report.
  package var reason: String? {
    switch outcome {
    case .judged: nil
    case .withoutSurface(let reason), .unreadable(let reason), .incomplete(let reason): reason
    }
  }

  /// "A" to "Z", then "AA", "AB", ...
  package static func label(_ place: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let last = String(letters[place % letters.count])
    return place < letters.count ? last : label(place / letters.count - 1) + last
  }
}

/// Whether a subject has a fix; raw values are those of the JSON form.
package enum FixState: String, Encodable {
  case present
  case missing
  case partial
  /// No case that was run can tell.
  case unseen
  /// The subject has none of the functions that it mends.
  case absent
  /// The subject was not judged.
  case unknown
}

extension FleetRow {
  /// Whether it has a fix.
  package func state(of fix: UpstreamFixes) -> FixState {
    if isWithoutSurface { return .absent }
    guard let report, report.verdict != .incomplete else { return .unknown }
    guard report.functions.contains(where: { $0.status != .absent && $0.function.isOfHotplug })
    else { return .absent }
    if report.partial.contains(fix) { return .partial }
    if report.unseen.contains(fix) { return .unseen }
    return report.nearest.contains(fix) ? .present : .missing
  }

  /// How many kinds of a hazard it has; nil where it was not judged.
  package func count(of hazard: String) -> Int? {
    if isWithoutSurface { return 0 }
    return report.map { $0.hazards.count { $0.group.id == hazard } }
  }

  /// The word on a function; nil where the subject was not judged.
  package func status(of function: KernelFunction) -> FunctionStatus? {
    // Of the creation side nobody looked whether it is there.
    if isWithoutSurface { return function.isOfHotplug ? .absent : nil }
    return report?.functions.first { $0.function == function }?.status
  }
}
