// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// All parts of one run, in the order of their shards.
public struct Parts: Sendable {
  public let run: PartedRun
  package let parts: [Part]

  /// The time that all parts took together.
  package var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }

  /// Takes parts with the names of their files, in any order. Throws if one is of another run, is there twice or is
  /// missing, or if another program than `program` made it: its cases may be others.
  public init(_ named: [(name: String, part: Part)], program: String) throws(Failure) {
    guard let first = named.first else { throw Failure(.usage, "there is no part to merge") }
    let count = first.part.shard.count
    var known: [Int: (name: String, part: Part)] = [:]
    for one in named {
      guard one.part.program == program else {
        throw Failure(
          .unreadable, "\(one.name) was made by another build of mhpcheck",
          advice: "merge the parts with the program that made them")
      }
      if let what = Self.departure(of: one.part, from: first.part) {
        throw Failure(
          .unreadable, "\(one.name) is of another run than \(first.name): it has \(what)",
          advice: "merge the parts of one run")
      }
      if let other = known.updateValue(one, forKey: one.part.shard.number) {
        throw Failure(
          .unreadable, "\(other.name) and \(one.name) are the same part, \(one.part.shard.name)",
          advice: "name each part once")
      }
    }
    let missing = (1...count).filter { known[$0] == nil }
    guard missing.isEmpty else {
      let numbers = missing.prefix(12).map { "\($0)" }.joined(separator: ", ")
      throw Failure(
        .unreadable, "\(missing.count) of \(count) parts are missing: \(numbers)",
        advice: "run their shards, and name all parts")
    }
    run = first.part.run
    parts = known.sorted { $0.key < $1.key }.map { $0.value.part }
  }

  private static func departure(of part: Part, from first: Part) -> String? {
    if let what = first.run.departure(of: part.run) { return what }
    if part.shard.count != first.shard.count { return "another number of shards" }
    if part.text?.sha256 != first.text?.sha256 { return "another text" }
    return part.text == first.text ? nil : "another compiler"
  }

  /// Throws if the parts were made of another text than this one, or with another compiler.
  package func check(_ text: Part.Text) throws(Failure) {
    guard let known = parts.first?.text else { return }
    guard known.sha256 == text.sha256 else {
      throw Failure(
        .unreadable, "\(run.subjects.first ?? "") is not the text that the parts were made of",
        advice: "merge where the shards ran, before the subject changes")
    }
    guard known.object == text.object else {
      throw Failure(
        .unreadable, "the C compiler makes another object here than where the shards ran",
        advice: "merge with the compiler of the shards, which --cc names")
    }
  }

  /// What all shards of a check found.
  var campaign: MergedFacts {
    MergedFacts(
      parts.map { part in
        if case .check(let facts) = part.facts { facts } else { CampaignFacts() }
      })
  }

  /// What became of each mutant, in the order of the run.
  package var mutants: [MutantFact] {
    parts.flatMap { part -> [MutantFact] in
      if case .mutate(let facts) = part.facts { facts } else { [] }
    }.sorted { $0.place < $1.place }
  }

  /// What a fleet found in each subject, in the order of the run. Throws if a subject has no row.
  func fleet() throws(Failure) -> [FleetFact] {
    let facts = parts.flatMap { part -> [FleetFact] in
      if case .fleet(let facts) = part.facts { facts } else { [] }
    }.sorted { $0.place < $1.place }
    guard facts.map(\.place) == Array(run.subjects.indices) else { throw Self.incomplete }
    return facts
  }

  /// The error for parts that are there and do not have all that their shards have to do.
  package static var incomplete: Failure {
    Failure(
      .unreadable, "the parts do not have all that their shards have to run",
      advice: "run the shards again")
  }
}
