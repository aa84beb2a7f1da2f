// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Worker

/// The fates of all mutants of a run, from those that its shards found. Of mutants with the same code in several shards
/// the first has the fate and the others are its duplicates, as in one run.
struct MergedFates {
  let fates: [MutantFate?]

  /// Takes facts in the order of the run. Throws if one of `count` mutants has none.
  init(_ facts: [MutantFact], count: Int) throws(Failure) {
    guard facts.map(\.place) == Array(0..<count) else { throw Parts.incomplete }
    var ran: [String: MutantFate] = [:]
    for fact in facts {
      if let object = fact.object, ran[object] == nil { ran[object] = MutantFate(of: fact) }
    }
    var first: [String: Int] = [:]
    var fates: [MutantFate?] = []
    for fact in facts {
      switch (fact.fate, fact.object) {
      case (.uncompilable, nil): fates.append(.uncompilable)
      case (.identical, nil): fates.append(.identical)
      case (_, let object?):
        guard let fate = ran[object] else { throw Parts.incomplete }
        if let runner = first[object] {
          fates.append(.duplicate(of: runner))
        } else {
          first[object] = fact.place
          fates.append(fate)
        }
      default: throw Parts.incomplete
      }
    }
    self.fates = fates
  }
}

extension MutantFate {
  /// The fate of a mutant that ran; nil for any other.
  fileprivate init?(of fact: MutantFact) {
    switch fact.fate {
    case .alive: self = .alive
    case .killed(let word):
      guard let reference = CaseReference(word: word) else { return nil }
      self = .killed(by: reference)
    case .uncompilable, .identical, .duplicate: return nil
    }
  }
}

extension MutantFact {
  /// What became of the mutants of a shard, in order, with the fingerprints of their code.
  static func facts(
    _ fates: [MutantFate?], objects: [String?], of shard: Shard
  ) -> [MutantFact] {
    zip(fates, objects).enumerated().compactMap { index, found in
      found.0.flatMap { Fate($0) }.map { fate in
        MutantFact(
          place: index * shard.count + shard.number - 1,
          object: fate == .uncompilable || fate == .identical ? nil : found.1, fate: fate)
      }
    }
  }
}

extension MutantFact.Fate {
  fileprivate init?(_ fate: MutantFate) {
    switch fate {
    case .uncompilable: self = .uncompilable
    case .identical: self = .identical
    case .duplicate: self = .duplicate
    case .alive: self = .alive
    case .killed(let reference):
      guard let word = reference.word else { return nil }
      self = .killed(by: word)
    }
  }
}
