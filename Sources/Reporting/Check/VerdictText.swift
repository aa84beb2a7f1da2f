// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel

/// The verdict of a report as one line.
public struct VerdictText: Sendable {
  private let report: Report

  /// Memberwise.
  public init(_ report: Report) { self.report = report }

  /// The verdict's word, coloured, what it rests on, and how much was run.
  public func line(style: TextStyle) -> String {
    let run = "(\(report.cases) cases, \(Self.seconds(report.seconds)) s)"
    let word = report.verdict.rawValue
    let coloured = report.verdict == .conforms ? style.good(word) : style.bad(word)
    return "\(coloured): \(sentence) \(run)"
  }

  /// What the verdict rests on.
  var sentence: String { ([phrase] + remarks).joined(separator: "; ") }

  private var phrase: String {
    switch report.verdict {
    case .conforms:
      "behaves as the reference, \(TextRenderer.name(of: report.against))"
    case .missingFixes:
      "faithful to the patch \(state(report.nearest)); lacks \(Self.commits(report.missing))"
    case .differs: reasons.joined(separator: "; ")
    case .unbuildable: "could not be compiled"
    case .incomplete: interrupted
    }
  }

  /// What is known of a run that was stopped.
  private var interrupted: String {
    let found = Set(report.groups.map(\.function)).sorted()
    return found.isEmpty
      ? "stopped; nothing differed by then"
      : "stopped; by then it differed in \(Self.names(found))"
  }

  /// "as merged", or which fixes it has.
  private func state(_ fixes: UpstreamFixes) -> String {
    fixes.isEmpty ? "as merged" : "with \(Self.commits(fixes.members))"
  }

  private var reasons: [String] {
    var reasons: [String] = []
    let own = Set(report.groups.filter { $0.explanation == nil }.map(\.function)).sorted()
    if !own.isEmpty { reasons.append("in \(Self.names(own))") }
    if !report.absentEntryPoints.isEmpty {
      reasons.append(
        "\(Self.names(report.absentEntryPoints)) absent, so the kernel falls back on generic code")
    }
    let besides = own.isEmpty ? "" : "besides, "
    for fix in report.partial {
      let lacking = Set(
        report.groups.filter { $0.explanation?.contains(fix) ?? false }.map(\.function))
      reasons.append(
        "\(besides)has \(Self.commits([fix])) only in part: not in \(Self.names(lacking.sorted()))")
    }
    let whole = report.missing.filter { !report.partial.contains($0) }
    if !whole.isEmpty { reasons.append("\(besides)lacks \(Self.commits(whole))") }
    if !report.beyond.isEmpty {
      reasons.append("has \(Self.commits(report.beyond)) beyond what was asked for")
    }
    return reasons
  }

  private var remarks: [String] {
    var remarks: [String] = []
    let inner = report.absentInnerFunctions
    if !inner.isEmpty {
      remarks.append("absent: \(Self.names(inner)) (inlined?)")
    }
    let unseen = report.unseen.filter { report.against.isSuperset(of: $0) }
    if !unseen.isEmpty, report.verdict != .differs, report.verdict != .incomplete {
      remarks.append("these cases do not show whether it has \(Self.commits(unseen))")
    }
    return remarks
  }

  private static func names(_ functions: [SurfaceFunction]) -> String {
    functions.map(\.name).joined(separator: ", ")
  }

  private static func commits(_ fixes: [UpstreamFixes]) -> String {
    fixes.flatMap(\.descriptions).map(\.commit).joined(separator: " and ")
  }

  /// Seconds with two decimals.
  static func seconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
