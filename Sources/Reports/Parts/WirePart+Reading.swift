// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port
import Subjects

// A part is untrusted, so these functions refuse everything that no shard writes: a number out of its range could end
// the program, a case that does not exist could not be shown.

extension WirePart {
  /// The most seconds that a shard can take: about thirty years.
  static let mostSeconds = 1e9

  func part() throws(PartError) -> Part {
    guard let shard = Shard(number: shard, count: shards) else { throw PartError("its shard") }
    guard program.isDigits(64), (0...Self.mostSeconds).contains(seconds) else {
      throw PartError("its program or its time")
    }
    guard let verb = PartedRun.Verb(rawValue: verb) else { throw PartError("its verb") }
    let run = try request.run(verb)
    var code: Part.Text?
    if let text {
      guard text.sha256.isDigits(64), text.object?.isDigits(16) ?? true else {
        throw PartError("its text")
      }
      code = Part.Text(sha256: text.sha256, object: text.object)
    }
    guard (code == nil) == (verb == .fleet) else { throw PartError("its text") }
    return Part(
      run: run, shard: shard, program: program, text: code, seconds: seconds,
      facts: try facts(run, shard))
  }

  private func facts(_ run: PartedRun, _ shard: Shard) throws(PartError) -> Part.Facts {
    switch (run.verb, blocks, random, mutants, rows) {
    case (.check, let blocks?, let random?, nil, nil):
      return .check(try WireFacts(run: run, shard: shard).facts(blocks, random))
    case (.mutate, nil, nil, let mutants?, nil):
      var facts: [MutantFact] = []
      for mutant in mutants { facts.append(try mutant.fact()) }
      try Self.check(facts.map(\.place), of: shard)
      return .mutate(facts)
    case (.fleet, nil, nil, nil, let rows?):
      var facts: [FleetFact] = []
      for row in rows { facts.append(try row.fact(against: run.against)) }
      try Self.check(facts.map(\.place), of: shard)
      return .fleet(facts)
    default: throw PartError("another verb's facts")
    }
  }

  /// Throws unless the places are in order and belong to the shard.
  private static func check(_ places: [Int], of shard: Shard) throws(PartError) {
    let areInOrder = zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
    guard areInOrder, places.allSatisfy({ shard.has($0) }) else {
      throw PartError("places that are not its own")
    }
  }
}

extension WirePart.Request {
  fileprivate func run(_ verb: PartedRun.Verb) throws(PartError) -> PartedRun {
    let modes = modes.compactMap { Architecture.riscv.mode(named: $0) }
    let means = means.compactMap { CaseSource(rawValue: $0) }
    guard let depth = Depth(rawValue: depth), let against = UpstreamFixes(commits: against),
      modes.count == self.modes.count, Set(modes).count == modes.count, !modes.isEmpty,
      means.count == self.means.count, UpstreamFixes.latest.isSuperset(of: against)
    else { throw PartError("its modes, fixes, depth or means") }
    // Standard input cannot be read again. The compiler gets configuration symbols as arguments.
    guard !subjects.isEmpty, subjects.count == 1 || verb == .fleet, !subjects.contains("-"),
      base != "-", defines.allSatisfy(KernelConfiguration.isDefinition),
      undefines.allSatisfy({ KernelConfiguration.isName($0[...]) })
    else { throw PartError("its subjects or their options") }
    return PartedRun(
      verb: verb, subjects: subjects,
      options: SubjectOptions(
        baseFile: base, defines: defines, undefines: undefines, includes: includes,
        compiler: compiler), against: against, modes: modes, depth: depth, means: Set(means),
      seed: seed, functions: functions)
  }
}

extension WirePart.Mutant {
  fileprivate func fact() throws(PartError) -> MutantFact {
    guard object?.isDigits(16) ?? true, (by == nil) == (fate != "killed") else {
      throw PartError("an impossible mutant")
    }
    let known: MutantFact.Fate
    switch fate {
    case "uncompilable": known = .uncompilable
    case "identical": known = .identical
    case "alive": known = .alive
    case "duplicate": known = .duplicate
    case "killed": known = .killed(by: by ?? "")
    default: throw PartError("an unknown fate")
    }
    return MutantFact(place: place, object: object, fate: known)
  }
}

extension UpstreamFixes {
  /// The fixes of these commits; nil if one is unknown, or if they are not in order.
  init?(commits: [String]) {
    self = []
    for commit in commits {
      let fixes: [UpstreamFixes] = [.forwardedAltmap] + Self.all.map(\.fix)
      guard let fix = fixes.first(where: { $0.descriptions.first?.commit == commit }) else {
        return nil
      }
      formUnion(fix)
    }
    guard descriptions.map(\.commit) == commits else { return nil }
  }
}

extension String {
  /// Whether the text is this number of hexadecimal digits.
  fileprivate func isDigits(_ count: Int) -> Bool {
    utf8.count == count
      && utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      }
  }
}
