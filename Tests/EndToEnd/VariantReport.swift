// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Engine

/// The keys of a report that the tests of variants read.
struct VariantReport: Decodable, Sendable {
  /// A function, and whether it behaves like the reference.
  struct Function: Decodable, Sendable {
    var name: String
    var status: String
  }

  /// A kind of difference.
  struct Difference: Decodable, Sendable {
    var id: String
    var function: String
    var mode: String
    var rulesOfCases: [String]
  }

  /// A cause of differences.
  struct Cause: Decodable, Sendable {
    var function: String
  }

  /// An equivalence rule, given as its id or as an object with the id.
  struct Equivalence: Decodable, Sendable {
    var rule: String

    private enum Key: String, CodingKey { case id, rule }

    init(from decoder: any Decoder) throws {
      if let id = try? decoder.singleValueContainer().decode(String.self) {
        rule = id
        return
      }
      let object = try decoder.container(keyedBy: Key.self)
      rule =
        try object.decodeIfPresent(String.self, forKey: .id)
        ?? object.decode(String.self, forKey: .rule)
    }
  }

  /// A universe, and the number of its cases that were run.
  struct Universe: Decodable, Sendable {
    var name: String
    var size: Int
    var cases: Int
    var differing: Int
  }

  /// The random cases, and the number of them that were run.
  struct Random: Decodable, Sendable {
    var drawn: Int
    var cases: Int
    var left: [String]
  }

  var schema: String
  var verdict: String
  var functions: [Function]
  var cases: Int
  var universes: [Universe]
  var leftOfUniverses: [String]
  var leftOfCatalogue: [String]?
  var random: Random?
  var differences: [Difference]
  /// Nil in a report of a subject that could not be judged.
  var causes: [Cause]?
  var equivalences: [Equivalence]

  /// The names of the functions that differ.
  var differing: Set<String> {
    Set(functions.filter { $0.status == "differs" }.map(\.name))
  }
}
