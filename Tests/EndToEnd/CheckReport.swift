// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Subjects

/// The parts of a JSON report that end-to-end tests read.
struct CheckReport: Decodable, Sendable {
  struct Subject: Decodable, Sendable {
    var kind: String
    var origin: String
    var sha256: String
  }

  struct Function: Decodable, Sendable, Hashable {
    var name: String
    var status: String
  }

  struct Difference: Decodable, Sendable {
    var id: String
    var function: String
    var mode: String
    var kind: String
    var explainedBy: [String]
    /// The rules of the oracle that the subject breaks and the reference does not.
    var rules: [String]
    /// The same, for all cases of this kind.
    var rulesOfCases: [String]
  }

  struct Equivalence: Decodable, Sendable {
    var id: String
  }

  /// Coverage of the branches in the subject's own text.
  struct Coverage: Decodable, Sendable {
    struct Share: Decodable, Sendable {
      var total: Int
      var reached: Int
    }

    struct Point: Decodable, Sendable {
      var kind: String
      var function: String
      var line: Int
    }

    var branches: Share?
    var unreached: [Point]
    var unknown: String?
  }

  struct State: Decodable, Sendable {
    var id: String
  }

  struct Hazard: Decodable, Sendable {
    var id: String
    var rule: String
  }

  var subject: Subject
  var verdict: String
  var states: [State]?
  var warnings: [String]?
  var hazards: [Hazard]
  var missingFixes: [String]
  var functions: [Function]
  var modes: [String]
  var cases: Int
  var differences: [Difference]
  var equivalences: [Equivalence]
  var coverage: Coverage?

  /// The rules of equivalence that the verdict rests on.
  var rules: Set<String> { Set(equivalences.map(\.id)) }

  /// The names of the functions with this status.
  func functions(_ status: String) -> Set<String> {
    Set(functions.filter { $0.status == status }.map(\.name))
  }

  /// Checks a subject on the named cases, unless the options give another depth; expects the exit status and
  /// reads the report, whose cases are as they were found.
  static func of(
    _ subject: String, _ options: [String] = [], input: [UInt8] = [], folder: String? = nil,
    status: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CheckReport {
    let outcome = try await Program.run(
      ["check", subject, "--depth", "smoke", "--no-shrink", "--json", "-"] + options, input: input,
      folder: folder)
    try #require(
      outcome.status == status, "\(outcome.testDescription)", sourceLocation: sourceLocation)
    return try JSONDecoder().decode(CheckReport.self, from: Data(outcome.output.utf8))
  }
}

/// The functions of `init.c`, and the generic code that a tree has.
let surfaceNames = Set(KernelFunction.allCases.map(\.name))

/// The functions that a riscv kernel's `init.c` can have: those of commit c75a74f4ba19 and of the creation
/// side.
let archNames = Set(KernelFunction.allCases.filter { !$0.isOfGenericCode }.map(\.name))

/// The functions of commit c75a74f4ba19.
let hotplugNames: Set = [
  "free_pte_table", "free_pmd_table", "free_pud_table", "free_vmemmap_storage",
  "remove_pte_mapping", "remove_pmd_mapping", "remove_pud_mapping", "remove_p4d_mapping",
  "remove_pgd_mapping", "remove_linear_mapping", "arch_get_mappable_range", "arch_add_memory",
  "arch_remove_memory", "vmemmap_free",
]
