// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A part of a run in schema "mhpcheck.part/1".
struct WirePart: Codable {
  struct Request: Codable {
    var subjects: [String]
    var base: String?
    var defines: [String]
    var undefines: [String]
    var includes: [String]
    var compiler: String?
    /// The commits of fixes.
    var against: [String]
    var modes: [String]
    var depth: String
    var means: [String]
    var seed: UInt64
    var functions: [String]
  }

  struct Text: Codable {
    var sha256: String
    var object: String?
  }

  /// A block of a universe. Lists are left out where they are empty.
  struct Block: Codable {
    struct Hazard: Codable {
      var id: String
      var place: String
    }

    var universe: String
    var first: UInt64
    var fixes: [String]
    var cases: UInt64
    var judged: UInt64
    var differing: UInt64
    var mended: UInt64
    var isCutShort: Bool
    var skipped: [String]?
    var examples: [String]?
    var hazards: [Hazard]?
    var notes: [Cost]?
  }

  /// What a case says about costly functions: the slow one, or the one that ended its worker; none where a random case
  /// did that, because it calls several.
  struct Cost: Codable {
    var kind: String
    var function: String?
  }

  /// The random cases of a mode.
  struct Random: Codable {
    struct Case: Codable {
      var index: UInt64
      var kind: String
      var isMended: Bool
      var isCostly: Bool
      var cost: Cost?
    }

    var mode: String
    var fixes: [String]
    var left: [UInt64]
    var telling: [Case]
  }

  struct Mutant: Codable {
    var place: Int
    var object: String?
    var fate: String
    /// The case that kills it.
    var by: String?
  }

  var schema = Self.schema
  var tool: String
  var program: String
  var verb: String
  var shard: Int
  var shards: Int
  var request: Request
  var text: Text?
  var seconds: Double
  var blocks: [Block]?
  var random: [Random]?
  var mutants: [Mutant]?
  var rows: [WireRow]?

  static let schema = "mhpcheck.part/1"
}

/// A row of a fleet within a part.
struct WireRow: Codable {
  struct Subject: Codable {
    var kind: String
    var origin: String
    var sha256: String
    var argument: String
    var warnings: [String]
    var isInPart: Bool
    /// Left out where there are none.
    var judgedThroughCallers: [String]?
  }

  struct Function: Codable {
    var name: String
    var status: FunctionStatus
    var cases: Int
    var differences: Int
  }

  struct Hidden: Codable {
    var functions: [String]
    var sentence: String
  }

  struct Cause: Codable {
    var name: String
    var fixes: [String]
    var proof: Engine.Cause.Proof
  }

  struct Bug: Codable {
    var hazard: String?
    var rule: String
    var modes: [String]?
    var replay: String?
  }

  struct Kind: Codable {
    var cause: String
    var mode: String
    var cases: Int
    var signature: String
    var explanation: [String]?
  }

  struct Findings: Codable {
    var subject: Subject
    var verdict: Verdict
    var missing: [String]
    var partial: [String]
    var beyond: [String]
    var unseen: [String]
    var functions: [Function]
    var absentEntryPoints: [String]
    var compiledOut: Hidden?
    var isTried: Bool
    var causes: [Cause]
    var cases: Int
    var seconds: Double
    var strangeNames: [String]
    var hasUnknownHeaders: Bool
    var mends: [Bug]
    var hazards: [Bug]
    var kinds: [Kind]
  }

  var place: Int
  /// "judged", "absent", "unbuildable" or "incomplete".
  var outcome: String
  /// The reason why there are no findings.
  var reason: String?
  var findings: Findings?
}
