// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// Looks for a case in which a mutant of the port would make a correct subject differ. The port as it is stands for
/// that subject: `mhpcheck check builtin` shows that they do the same. The judgement is the one of a check.
///
/// `MutatedPort` compiles this file into the module Engine, beside a port that has all mutants in it.
public final class PortMutantSearch {
  /// The means that find a mutant, in their order.
  public enum Means: String, CaseIterable {
    /// The catalogue, against the latest text.
    case catalogue
    /// The catalogue, against the text as merged.
    case asMerged = "as-merged"
    case random, universes
  }

  /// A case of the catalogue with what the port as it is does in it.
  private struct Known {
    var image: MachineImage
    var digest: CaseDigest
  }

  private let modes = Architecture.riscv.modes
  private var catalogue: [UpstreamFixes: [Known]] = [:]
  private let subjects: [UpstreamFixes: HotplugPort]
  private let checkers: [UpstreamFixes: CaseChecker]

  public init() throws {
    let states = [UpstreamFixes.latest, .asMerged]
    subjects = Dictionary(uniqueKeysWithValues: states.map { ($0, HotplugPort(fixes: $0)) })
    checkers = Dictionary(uniqueKeysWithValues: states.map { ($0, CaseChecker(fixes: [$0])) })
    let images = try CaseList(catalogueIn: modes).entries.map { try $0.scenario.lowered() }
    portMutant = 0
    for (state, port) in subjects {
      catalogue[state] = images.map { Known(image: $0, digest: port.answer($0).0) }
    }
  }

  /// The first means with a case that finds a mutant; nil if none does.
  public func means(against mutant: Int) throws -> Means? {
    try Means.allCases.first { means in
      switch means {
      case .catalogue: try isFound(mutant, .latest)
      case .asMerged: try isFound(mutant, .asMerged)
      case .random: try isFoundAtRandom(mutant)
      case .universes: try isFoundInUniverses(mutant)
      }
    }
  }

  private func isFound(_ mutant: Int, _ state: UpstreamFixes) throws -> Bool {
    try catalogue[state]?.contains { try differs($0.image, $0.digest, mutant, state) } ?? false
  }

  private func isFoundAtRandom(_ mutant: Int) throws -> Bool {
    try modes.contains { mode in
      let campaign = RandomCampaign(mode: mode, seed: 1)
      return try (0..<UInt64(1000)).contains {
        try differs(try campaign.scenario($0).lowered(), nil, mutant, .latest)
      }
    }
  }

  private func isFoundInUniverses(_ mutant: Int) throws -> Bool {
    let universes = modes.flatMap { Universe.universes(.standard, mode: $0) }
    return try universes.contains { universe in
      var walk = SweepWalk(universe)
      var failure: (any Error)?
      let part = SweepPart(universe, states: 0..<universe.stateCount)
      for state in part.states {
        let goesOn = walk.runState(state, of: part) { cursor in
          do {
            return try !differs(cursor.image, nil, mutant, .latest)
          } catch {
            failure = error
            return false
          }
        }
        if let failure { throw failure }
        if !goesOn { return true }
      }
      return false
    }
  }

  /// Whether a check would say that the subject differs in a case; `digest` is what the subject does, if known.
  private func differs(
    _ image: MachineImage, _ known: CaseDigest?, _ mutant: Int, _ state: UpstreamFixes
  ) throws -> Bool {
    guard let subject = subjects[state], let checker = checkers[state] else { return false }
    portMutant = 0
    let (digest, ending) = known.map { ($0, Ending()) } ?? subject.answer(image)
    let answer = CaseAnswer(digest: digest, ending: ending.kind, spellings: [])
    portMutant = mutant
    defer { portMutant = 0 }
    // The judgement of the oracle takes long, and matters only where digests differ.
    guard checker.port.answer(image).0 != digest else { return false }
    portMutant = 0
    let steps = subject.steps(image)
    guard let observation = steps.last else { return false }
    portMutant = mutant
    let result = checker.judged(
      checker.result(of: image, answered: answer, observed: observation), image, steps)
    return result.comparisons[0].difference != nil && result.comparisons[0].mends.isEmpty
  }
}
