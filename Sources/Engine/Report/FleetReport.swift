// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// Many subjects, each compared with the same port, as a value.
public struct FleetReport: Sendable {
  /// The tool's version.
  public var tool: String
  /// The set of fixes that all subjects were compared with.
  public var against: UpstreamFixes
  /// The paging modes' names.
  public var modes: [String]
  /// The depth of the run, as `--depth` names it.
  public var depth: String
  /// The subjects, in the order given.
  public var rows: [FleetRow]
  /// The duration of the whole run.
  public var seconds: Double

  /// Takes the subjects in the given order, each with its outcome.
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

  /// The rows of the tables: subjects with more data than a line of text.
  package var tabled: [FleetRow] { rows.filter(\.isTabled) }

  /// The number of subjects that conform.
  package var conforming: Int { rows.count { $0.report?.verdict == .conforms } }

  /// The ids of the listed hazards, then the id of unlisted ones.
  package static let hazards = Hazard.ID.allCases.map(\.rawValue) + [unlisted]
  /// The id of all hazards that are in no list.
  package static let unlisted = "unlisted"
}

/// A subject of a fleet.
public struct FleetRow: Sendable, Hashable {
  /// The outcome for one subject.
  public enum Outcome: Sendable, Hashable {
    /// The subject ran, to the end or until it was stopped.
    case judged(FleetSubject)
    /// The text was read, but has none of the functions; the reason, in one line.
    case withoutSurface(String)
    /// The subject could not be read, extracted or compiled; the reason, in one line.
    case unreadable(String)
    /// The subject could not be run to the end; the reason, in one line.
    case incomplete(String)
  }

  /// A short name that is unique in the report: "A", "B", ...
  public var label: String
  /// The SUBJECT argument.
  public var argument: String
  public var outcome: Outcome

  /// The extract of the report on the subject; nil if the subject was not judged.
  package var report: FleetSubject? {
    guard case .judged(let report) = outcome else { return nil }
    return report
  }

  /// Whether the text was read and has none of the functions.
  var isWithoutSurface: Bool {
    if case .withoutSurface = outcome { true } else { false }
  }

  /// Whether the fixes, hazards and functions of the subject are known.
  var isTabled: Bool { report != nil || isWithoutSurface }

  /// The verdict of the report; "absent" for a subject that has none of the functions.
  public var word: String {
    switch outcome {
    case .judged(let report): report.verdict.rawValue
    case .withoutSurface: "absent"
    case .unreadable: Verdict.unbuildable.rawValue
    case .incomplete: Verdict.incomplete.rawValue
    }
  }

  /// The resolved origin; the argument where there is no report.
  package var origin: String { report?.subject.origin ?? argument }

  /// The reason why there is no report.
  package var reason: String? {
    switch outcome {
    case .judged: nil
    case .withoutSurface(let reason), .unreadable(let reason), .incomplete(let reason): reason
    }
  }

  /// The label of a place: "A" to "Z", then "AA", "AB", ...
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
  /// No case of the run can detect it.
  case unseen
  /// The subject has none of the hotplug functions.
  case absent
  /// The subject was not judged.
  case unknown
}

extension FleetRow {
  package func state(of fix: UpstreamFixes) -> FixState {
    if isWithoutSurface { return .absent }
    guard let report, report.verdict != .incomplete else { return .unknown }
    guard report.functions.contains(where: { $0.status != .absent && $0.function.isOfHotplug })
    else { return .absent }
    if report.partial.contains(fix) { return .partial }
    if report.unseen.contains(fix) { return .unseen }
    return report.nearest.contains(fix) ? .present : .missing
  }

  /// The number of kinds of a hazard in the subject; nil where it was not judged.
  package func count(of hazard: String) -> Int? {
    if isWithoutSurface { return 0 }
    return report.map { $0.hazards.count { $0.bug.id == hazard } }
  }

  /// The verdict on a function; nil where the subject was not judged.
  package func status(of function: KernelFunction) -> FunctionStatus? {
    // The reading does not look for functions of the creation side.
    if isWithoutSurface { return function.isOfHotplug ? .absent : nil }
    return report?.functions.first { $0.function == function }?.status
  }
}
