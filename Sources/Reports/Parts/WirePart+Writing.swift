// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

extension WirePart {
  init(_ part: Part) {
    tool = Version.text
    program = part.program
    verb = part.run.verb.rawValue
    shard = part.shard.number
    shards = part.shard.count
    request = Request(part.run)
    text = part.text.map { Text(sha256: $0.sha256, object: $0.object) }
    seconds = part.seconds
    switch part.facts {
    case .check(let facts):
      blocks = facts.blocks.map { Block($0.key, $0.value) }.sorted {
        ($0.universe, $0.fixes.joined(), $0.first) < ($1.universe, $1.fixes.joined(), $1.first)
      }
      random = facts.random.map { Random($0.key, $0.value) }.sorted {
        ($0.mode, $0.fixes.joined()) < ($1.mode, $1.fixes.joined())
      }
    case .mutate(let facts): mutants = facts.map { Mutant($0) }
    case .fleet(let facts): rows = facts.map { WireRow($0) }
    }
  }
}

extension WirePart.Request {
  init(_ run: PartedRun) {
    subjects = run.subjects
    base = run.options.baseFile
    defines = run.options.defines
    undefines = run.options.undefines
    includes = run.options.includes
    compiler = run.options.compiler
    against = run.against.commits
    modes = run.modes.map(\.name)
    depth = run.depth.rawValue
    means = run.means.map(\.rawValue).sorted()
    seed = run.seed
    functions = run.functions
  }
}

extension WirePart.Block {
  fileprivate init(_ key: CampaignFacts.BlockKey, _ fact: BlockFact) {
    let result = fact.result
    universe = key.universe
    first = key.first
    fixes = key.fixes.commits
    cases = result.cases
    judged = result.judged
    differing = result.differing
    mended = result.mended
    isCutShort = result.isCutShort
    skipped = fact.skipped.isEmpty ? nil : fact.skipped.sorted().map(\.name)
    examples = result.examples.isEmpty ? nil : result.examples.map(\.word)
    hazards =
      result.hazards.isEmpty
      ? nil
      : result.hazards.map { Hazard(id: $0.key.name, place: $0.value.word) }
        .sorted { $0.id < $1.id }
    notes = fact.notes.isEmpty ? nil : fact.notes.map { WirePart.Cost($0) }
  }
}

extension WirePart.Cost {
  fileprivate init(_ note: SweepNote) {
    switch note {
    case .slow(let function): self.init(kind: "slow", function: function.name)
    case .deadly(let function): self.init(kind: "deadly", function: function.name)
    }
  }

  fileprivate init(_ cost: CaseCost) {
    switch cost {
    case .slow(let function): self.init(kind: "slow", function: function.name)
    case .deadly: self.init(kind: "deadly", function: nil)
    }
  }
}

extension WirePart.Random {
  fileprivate init(_ key: CampaignFacts.RandomKey, _ facts: RandomFacts) {
    mode = key.mode
    fixes = key.fixes.commits
    left = facts.left.sorted()
    telling = facts.telling.sorted { $0.key < $1.key }.map { index, fact in
      Case(
        index: index, kind: fact.kind ?? "", isMended: fact.isMended, isCostly: fact.isCostly,
        cost: fact.cost.map { WirePart.Cost($0) })
    }
  }
}

extension WirePart.Mutant {
  fileprivate init(_ fact: MutantFact) {
    place = fact.place
    object = fact.object
    switch fact.fate {
    case .uncompilable: fate = "uncompilable"
    case .identical: fate = "identical"
    case .alive: fate = "alive"
    case .duplicate: fate = "duplicate"
    case .killed(let word):
      fate = "killed"
      by = word
    }
  }
}

extension WireRow {
  fileprivate init(_ fact: FleetFact) {
    place = fact.place
    switch fact.outcome {
    case .judged(let subject):
      outcome = "judged"
      findings = Findings(subject)
    case .withoutSurface(let why):
      outcome = "absent"
      reason = why
    case .unreadable(let why):
      outcome = "unbuildable"
      reason = why
    case .incomplete(let why):
      outcome = "incomplete"
      reason = why
    }
  }
}

extension WireRow.Findings {
  fileprivate init(_ found: FleetSubject) {
    let uncalled = found.subject.judgedThroughCallers.map(\.name)
    subject = WireRow.Subject(
      kind: found.subject.kind, origin: found.subject.origin, sha256: found.subject.sha256,
      argument: found.subject.argument, warnings: found.subject.warnings,
      isInPart: found.subject.isInPart,
      judgedThroughCallers: uncalled.isEmpty ? nil : uncalled)
    verdict = found.verdict
    missing = UpstreamFixes(found.missing).commits
    partial = UpstreamFixes(found.partial).commits
    beyond = UpstreamFixes(found.beyond).commits
    unseen = UpstreamFixes(found.unseen).commits
    functions = found.functions.map {
      WireRow.Function(
        name: $0.function.name, status: $0.status, cases: $0.cases, differences: $0.differences)
    }
    absentEntryPoints = found.absentEntryPoints.map(\.name)
    compiledOut = found.compiledOut.map {
      WireRow.Hidden(functions: $0.functions.map(\.name), sentence: $0.sentence)
    }
    isTried = found.isTried
    causes = found.causes.map {
      WireRow.Cause(name: $0.name, fixes: $0.fixes.commits, proof: $0.proof)
    }
    cases = found.cases
    seconds = found.seconds
    strangeNames = found.strangeNames
    hasUnknownHeaders = found.hasUnknownHeaders
    mends = found.mendedBugs.map {
      WireRow.Bug(hazard: $0.hazard?.rawValue, rule: $0.rule.rawValue, modes: nil, replay: nil)
    }
    hazards = found.hazards.map {
      WireRow.Bug(
        hazard: $0.bug.hazard?.rawValue, rule: $0.bug.rule.rawValue, modes: $0.modes,
        replay: $0.replay)
    }
    kinds = found.kinds.map {
      WireRow.Kind(
        cause: $0.cause, mode: $0.mode, cases: $0.cases, signature: $0.signature,
        explanation: $0.explanation?.commits)
    }
  }
}

extension UpstreamFixes {
  /// The commits of the fixes, oldest first.
  fileprivate var commits: [String] { descriptions.map(\.commit) }
}

extension Violation.Kind {
  /// The id of the hazard, or of the rule of one that is not listed.
  var name: String {
    switch self {
    case .listed(let id): id.rawValue
    case .unlisted(let rule): rule.rawValue
    }
  }
}
