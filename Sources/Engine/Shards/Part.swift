// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Worker

/// What a shard of a run found.
public struct Part: Sendable, Hashable {
  /// The text that a check or the mutants ran on.
  package struct Text: Sendable, Hashable {
    /// SHA-256 of the extracted text, in hex.
    package var sha256: String
    /// The fingerprint of its object for real geometry, which depends on the compiler, too; nil for the embedded
    /// reference.
    package var object: String?

    package init(sha256: String, object: String?) {
      self.sha256 = sha256
      self.object = object
    }
  }

  package enum Facts: Sendable, Hashable {
    case check(CampaignFacts)
    case mutate([MutantFact])
    case fleet([FleetFact])
  }

  public var run: PartedRun
  public var shard: Shard
  /// SHA-256 of the program that made it, in hex.
  package var program: String
  /// Nil for a fleet.
  package var text: Text?
  /// The time that the shard took.
  package var seconds: Double
  package var facts: Facts

  package init(
    run: PartedRun, shard: Shard, program: String, text: Text?, seconds: Double, facts: Facts
  ) {
    self.run = run
    self.shard = shard
    self.program = program
    self.text = text
    self.seconds = seconds
    self.facts = facts
  }

  /// The error of a shard that was stopped: half a part would look like a whole one.
  package static var stopped: Failure {
    Failure(
      .incomplete, "the run was stopped before its part was complete, so nothing was written",
      advice: "run it again")
  }
}

/// What became of a mutant.
package struct MutantFact: Sendable, Hashable {
  package enum Fate: Sendable, Hashable {
    case uncompilable
    /// It compiles to the subject's own code.
    case identical
    /// A case of this word distinguishes it (`CaseReference.word`).
    case killed(by: String)
    case alive
    /// Another mutant of the shard with the same code has the fate.
    case duplicate
  }

  /// Its place among the mutants of the run.
  package var place: Int
  /// The fingerprint of its code; nil for one without code of its own.
  package var object: String?
  package var fate: Fate

  package init(place: Int, object: String?, fate: Fate) {
    self.place = place
    self.object = object
    self.fate = fate
  }
}

/// What a fleet found in a subject.
package struct FleetFact: Sendable, Hashable {
  /// Its place among the subjects of the run.
  package var place: Int
  package var outcome: FleetRow.Outcome

  package init(place: Int, outcome: FleetRow.Outcome) {
    self.place = place
    self.outcome = outcome
  }
}

extension CaseReference {
  /// A case of a run as a word: "named/MODE/INDEX", "random/MODE/SEED/INDEX" or
  /// "universe/NAME/STATE-OPERATION-RANGE"; nil for a case that no other run has.
  package var word: String? {
    switch self {
    case .catalogue(let mode, let index): "named/\(mode)/\(index)"
    case .random(let mode, let seed, let index): "random/\(mode)/\(seed)/\(index)"
    case .universe(let name, let place): "universe/\(name)/\(place.word)"
    case .literal, .beginning, .stopped: nil
    }
  }

  /// The case of a word; nil for any other text.
  package init?(word: String) {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first ?? "", parts.count) {
    case ("named", 3):
      guard let index = Int(parts[2]), index >= 0 else { return nil }
      self = .catalogue(mode: parts[1], index: index)
    case ("random", 4):
      guard let seed = UInt64(parts[2]), let index = UInt64(parts[3]) else { return nil }
      self = .random(mode: parts[1], seed: seed, index: index)
    case ("universe", 3...):
      guard let last = parts.last, let place = UniverseCase(word: last) else { return nil }
      self = .universe(name: parts.dropFirst().dropLast().joined(separator: "/"), place: place)
    default: return nil
    }
  }
}
