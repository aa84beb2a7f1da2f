// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// The verdict of a report as one line.
public struct VerdictText: Sendable {
  private let report: Report

  init(_ report: Report) { self.report = report }

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
      "\(scope) \(report.judgedFunctions.count == 1 ? "behaves" : "behave") as the reference, "
        + report.against.name
    case .missingFixes:
      "faithful to the patch \(state(report.nearest)); lacks \(Self.commits(report.missing))"
    case .differs: reasons.joined(separator: "; ")
    case .unbuildable: "could not be compiled"
    case .incomplete: interrupted
    }
  }

  /// What is known of a run that was stopped.
  private var interrupted: String {
    let found = report.causes.map(\.name)
    return found.isEmpty
      ? "stopped; nothing differed by then"
      : "stopped; by then it differed in \(found.joined(separator: ", "))"
  }

  /// What was judged: "all 14 functions of c75a74f4ba19 and 21 others".
  private var scope: String {
    let commit = "c75a74f4ba19"
    let all = KernelFunction.allCases.count(where: \.isOfHotplug)
    let judged = report.judgedFunctions
    let own = judged.count(where: \.isOfHotplug)
    let others = judged.count - own
    if own == 0 {
      let noun = others == 1 ? "1 function" : "\(others) functions"
      return "\(noun) beside \(commit), none of its \(all),"
    }
    let few = own == all ? "all \(all) functions" : "\(own) of the \(all) functions"
    return "\(few) of \(commit)"
      + (others == 0 ? "" : " and \(others) \(others == 1 ? "other" : "others")")
  }

  /// "as merged", or which fixes it has.
  private func state(_ fixes: UpstreamFixes) -> String {
    fixes.isEmpty ? "as merged" : "with \(Self.commits(fixes.members))"
  }

  private var reasons: [String] {
    var reasons: [String] = []
    let own = report.causes.filter(\.fixes.isEmpty)
    if !own.isEmpty {
      let isTried = own.allSatisfy { $0.proof == .substitution }
      let doubt =
        isTried || !report.isTried ? "" : " (by its calls: the texts could not be exchanged)"
      reasons.append("in \(own.map(\.name).joined(separator: ", "))\(doubt)")
    }
    let headers = report.headers.differing.map(\.name)
    if !headers.isEmpty {
      let verb = headers.count == 1 ? "means" : "mean"
      reasons.append(
        "\(headers.joined(separator: ", ")) \(verb) something else in the tree's own headers")
    }
    let absent = report.absentEntryPoints
    if !absent.isEmpty {
      reasons.append("\(Self.names(absent)) absent, so the kernel falls back on generic code")
    }
    let besides = reasons.isEmpty ? "" : "besides, "
    for fix in report.partial {
      let lacking = report.causes.filter { $0.fixes.contains(fix) }.map(\.name)
      let place = lacking.isEmpty ? "" : ": not in \(lacking.joined(separator: ", "))"
      reasons.append("\(besides)has \(Self.commits([fix])) only in part\(place)")
    }
    let whole = report.missing.filter { !report.partial.contains($0) }
    if !whole.isEmpty { reasons.append("\(besides)lacks \(Self.commits(whole))") }
    if !report.beyond.isEmpty {
      reasons.append("has \(Self.commits(report.beyond)) beyond what was asked for")
    }
    return reasons
  }

  private var remarks: [String] {
    var remarks = report.compiledOut.map { [$0.sentence] } ?? []
    if let mends = MendText.remark(report) { remarks.append(mends) }
    if case .unknown = report.headers {
      remarks.append("its headers could not be held against the harness's")
    }
    let inner = report.absentInnerFunctions
    if !inner.isEmpty {
      remarks.append("absent: \(Self.names(inner)) (inlined?)")
    }
    if report.verdict == .differs || report.verdict == .missingFixes {
      remarks.append("judged: \(scope)")
    }
    let unseen = report.unseen.filter { report.against.isSuperset(of: $0) }
    if !unseen.isEmpty, report.verdict != .differs, report.verdict != .incomplete {
      remarks.append("these cases do not show whether it has \(Self.commits(unseen))")
    }
    return remarks
  }

  private static func names(_ functions: [KernelFunction]) -> String {
    functions.map(\.name).joined(separator: ", ")
  }

  private static func commits(_ fixes: [UpstreamFixes]) -> String {
    fixes.flatMap(\.descriptions).map(\.commit).joined(separator: " and ")
  }

  /// Seconds with two decimals.
  package static func seconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
