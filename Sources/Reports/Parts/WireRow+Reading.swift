// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Oracle
import Port

extension WireRow {
  /// What a fleet found in a subject, compared with these fixes.
  func fact(against: UpstreamFixes) throws(PartError) -> FleetFact {
    switch (outcome, reason, findings) {
    case ("judged", nil, let findings?):
      return FleetFact(place: place, outcome: .judged(try findings.subject(against: against)))
    case ("absent", let why?, nil): return FleetFact(place: place, outcome: .withoutSurface(why))
    case ("unbuildable", let why?, nil):
      return FleetFact(place: place, outcome: .unreadable(why))
    case ("incomplete", let why?, nil):
      return FleetFact(place: place, outcome: .incomplete(why))
    default: throw PartError("a row without an outcome")
    }
  }
}

extension WireRow.Findings {
  fileprivate func subject(against: UpstreamFixes) throws(PartError) -> FleetSubject {
    var uncalled: [KernelFunction] = []
    for name in subject.judgedThroughCallers ?? [] { uncalled.append(try surface(name)) }
    var found = FleetSubject(
      subject: SubjectSummary(
        kind: subject.kind, origin: subject.origin, sha256: subject.sha256,
        argument: subject.argument, warnings: subject.warnings, isInPart: subject.isInPart,
        judgedThroughCallers: uncalled),
      against: against, verdict: verdict)
    found.missing = try fixes(missing)
    found.partial = try fixes(partial)
    found.beyond = try fixes(beyond)
    found.unseen = try fixes(unseen)
    for function in functions {
      found.functions.append(
        FunctionJudgement(
          try surface(function.name), function.status, cases: function.cases,
          differences: function.differences))
    }
    for name in absentEntryPoints { found.absentEntryPoints.append(try surface(name)) }
    if let compiledOut {
      var hidden: [KernelFunction] = []
      for name in compiledOut.functions { hidden.append(try surface(name)) }
      found.compiledOut = NotCompiled(functions: hidden, sentence: compiledOut.sentence)
    }
    found.isTried = isTried
    for cause in causes {
      found.causes.append(
        Engine.Cause(
          name: cause.name, fixes: UpstreamFixes(try fixes(cause.fixes)), proof: cause.proof))
    }
    guard (0...WirePart.mostSeconds).contains(seconds), cases >= 0 else {
      throw PartError("a negative number")
    }
    found.cases = cases
    found.seconds = seconds
    found.strangeNames = strangeNames
    found.hasUnknownHeaders = hasUnknownHeaders
    for mend in mends { found.mendedBugs.append(try bug(mend)) }
    for hazard in hazards {
      guard let modes = hazard.modes, let replay = hazard.replay else {
        throw PartError("a hazard without a case")
      }
      found.hazards.append(
        FleetSubject.Shared(bug: try bug(hazard), modes: modes, replay: replay))
    }
    for kind in kinds {
      var explanation: UpstreamFixes?
      if let commits = kind.explanation { explanation = UpstreamFixes(try fixes(commits)) }
      found.kinds.append(
        FleetSubject.Kind(
          cause: kind.cause, mode: kind.mode, cases: kind.cases, signature: kind.signature,
          explanation: explanation))
    }
    return found
  }

  /// Single fixes, in order.
  private func fixes(_ commits: [String]) throws(PartError) -> [UpstreamFixes] {
    guard let fixes = UpstreamFixes(commits: commits) else { throw PartError("unknown fixes") }
    return fixes.descriptions.map(\.fix)
  }

  private func surface(_ name: String) throws(PartError) -> KernelFunction {
    guard let function = KernelFunction(name: name) else { throw PartError("an unknown function") }
    return function
  }

  private func bug(_ wire: WireRow.Bug) throws(PartError) -> UpstreamBug {
    guard let rule = OracleRule(rawValue: wire.rule) else { throw PartError("an unknown rule") }
    guard let id = wire.hazard else { return UpstreamBug(hazard: nil, rule: rule) }
    guard let hazard = Hazard.ID(rawValue: id) else { throw PartError("no hazard") }
    return UpstreamBug(hazard: hazard, rule: rule)
  }
}
