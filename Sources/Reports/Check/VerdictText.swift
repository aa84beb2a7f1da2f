// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

package struct VerdictText: Sendable {
  private let report: any JudgedSubject

  init(_ report: any JudgedSubject) { self.report = report }

  /// The verdict, the reasons for it, the number of cases and the seconds.
  package var line: Phrase {
    let tone: Span.Tone = report.verdict == .conforms ? .good : .bad
    return
      """
      \(report.verdict.rawValue, tone: tone): \(sentence) \
      (\(Words.count(report.cases, "case")), \(Words.decimals(report.seconds)) s)
      """
  }

  /// The reasons for the verdict, with remarks.
  var sentence: Phrase { ([phrase] + remarks).joined("; ") }

  private var phrase: Phrase {
    switch report.verdict {
    case .conforms:
      """
      \(scope) \(report.judgedFunctions.count == 1 ? "behaves" : "behave") as the reference, \
      \(report.against.name)
      """
    case .missingFixes:
      "faithful to the patch \(state(report.nearest)); lacks \(Self.commits(report.missing))"
    case .differs: reasons.joined("; ")
    case .unbuildable: "could not be compiled"
    case .incomplete: interrupted
    }
  }

  /// The findings of a stopped run.
  private var interrupted: Phrase {
    let found = report.causes.map(\.name)
    return found.isEmpty
      ? "stopped; nothing differed by then"
      : "stopped; by then it differed in \(Words.names(found))"
  }

  /// The judged functions, e.g. "all 14 functions of c75a74f4ba19 and 21 others".
  private var scope: Phrase {
    let commit: Phrase = "\(code: "c75a74f4ba19")"
    let all = KernelFunction.allCases.count(where: \.isOfHotplug)
    let judged = report.judgedFunctions
    let own = judged.count(where: \.isOfHotplug)
    let others = judged.count - own
    if own == 0 {
      return """
        \(Words.count(others, "function")) beside \(commit), none of its \(all),
        """
    }
    let few: Phrase = own == all ? "all \(all) functions" : "\(own) of the \(all) functions"
    if others == 0 { return "\(few) of \(commit)" }
    return "\(few) of \(commit) and \(Words.count(others, "other"))"
  }

  /// "as merged", or "with" and the fixes.
  private func state(_ fixes: UpstreamFixes) -> Phrase {
    fixes.isEmpty ? "as merged" : "with \(Self.commits(fixes.members))"
  }

  private var reasons: [Phrase] {
    var reasons: [Phrase] = []
    let own = report.causes.filter(\.fixes.isEmpty)
    if !own.isEmpty {
      let isTried = own.allSatisfy { $0.proof == .substitution }
      let doubt: Phrase =
        isTried || !report.isTried ? "" : " (by its calls: the texts could not be exchanged)"
      reasons.append("in \(Words.names(own.map(\.name)))\(doubt)")
    }
    let headers = report.strangeNames
    if !headers.isEmpty {
      reasons.append(
        """
        \(Words.names(headers)) \(headers.count == 1 ? "means" : "mean") something else in the \
        tree's own headers
        """)
    }
    let absent = report.absentEntryPoints.map(\.name)
    if !absent.isEmpty {
      reasons.append("\(Words.names(absent)) absent, so the kernel falls back on generic code")
    }
    let besides: Phrase = reasons.isEmpty ? "" : "besides, "
    for fix in report.partial {
      let lacking = report.causes.filter { $0.fixes.contains(fix) }.map(\.name)
      let place: Phrase = lacking.isEmpty ? "" : ": not in \(Words.names(lacking))"
      reasons.append("\(besides)has \(Self.commits([fix])) only in part\(place)")
    }
    let whole = report.missing.filter { !report.partial.contains($0) }
    if !whole.isEmpty { reasons.append("\(besides)lacks \(Self.commits(whole))") }
    if !report.beyond.isEmpty {
      reasons.append("has \(Self.commits(report.beyond)) beyond what was asked for")
    }
    return reasons
  }

  private var remarks: [Phrase] {
    var remarks: [Phrase] =
      report.compiledOut.map { ["\(sentence: $0.sentence, atMost: 1000)"] } ?? []
    if let mends = MendText.remark(report) { remarks.append(mends) }
    if report.hasUnknownHeaders {
      remarks.append("its headers could not be compared with the harness's")
    }
    let absent = report.absentInnerFunctions.map(\.name)
    if !absent.isEmpty { remarks.append("absent: \(Words.names(absent)) (inlined?)") }
    let uncalled = report.functionsJudgedThroughCallers.map(\.name)
    if !uncalled.isEmpty { remarks.append("\(Words.names(uncalled)) judged through callers alone") }
    if report.verdict == .differs || report.verdict == .missingFixes {
      remarks.append("judged: \(scope)")
    }
    let unseen = report.unseen.filter { report.against.isSuperset(of: $0) }
    if !unseen.isEmpty, report.verdict != .differs, report.verdict != .incomplete {
      remarks.append("these cases do not show whether it has \(Self.commits(unseen))")
    }
    return remarks
  }

  private static func commits(_ fixes: [UpstreamFixes]) -> Phrase {
    Words.names(fixes.flatMap(\.descriptions).map(\.commit))
  }
}
