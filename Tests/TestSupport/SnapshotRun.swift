// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port
@testable import Reports
@testable import Subjects

/// A small run without a worker: some cases of the catalogue, with the port as the subject.
struct SnapshotRun {
  /// The difference between the subject and the port with all fixes.
  enum Departure {
    /// The subject lacks fixes.
    case without(UpstreamFixes)
    /// The subject spells one function differently.
    case spellings
    /// The subject omits a flush after a removal, the update of max_pfn after an add, and the clear of an
    /// entry.
    case slips
  }

  private static let cases: Set<String> = [
    "free-pmd-table/empty-hot-added-as-vmemmap", "free-pte-table/empty-hot-added",
    "remove-pud-mapping/linear-leaf-below", "remove-p4d-mapping/vmemmap-leaf-below",
    "remove-pmd-mapping/linear-leaf", "arch-get-mappable-range/plain", "arch-add-memory/a-section",
    "arch-remove-memory/a-section", "vmemmap-free/a-section", "vmemmap-free/whole-pmd-table",
    "hazard/h1-two-regions-in-one-section", "hazard/h2-boot-table-without-constructor",
    "hazard/h3-memory-added-below-the-top", "hazard/h8-table-freed-while-linked",
  ]

  /// The functions that the subject has and the reports have lines for. A function that the surface gets
  /// later is not among them, so that it changes no snapshot.
  private static let functions = KernelFunction.allCases.filter { $0 <= .vmemmapPopulateHugepages }

  private let departure: Departure
  private let isComplete: Bool

  init(_ departure: Departure, isComplete: Bool = true) {
    self.departure = departure
    self.isComplete = isComplete
  }

  func report() throws -> Report {
    let scenarios = Catalogue.all().filter { Self.cases.contains($0.id) }
    let findings = try scenarios.enumerated().map { try finding($0.offset, $0.element) }
    let judgement = Judgement(
      findings: findings, present: Self.functions, against: .latest)
    let differences = try judgement.groups.enumerated().map { number, group in
      try difference("D\(number + 1)", group, scenarios[group.places[0]])
    }
    let hazards = judgement.hazards.map { group in
      let scenario = scenarios[group.places[0]]
      return ReportedHazard(
        group: group, scenario: scenario,
        replay: "mhpcheck replay \(scenario.id)@\(scenario.mode) backport.patch")
    }
    var report = Report(
      tool: "0.0.0",
      subject: SubjectSummary(
        kind: "patch", origin: "patch backport.patch",
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        argument: "backport.patch",
        warnings: isComplete
          ? [] : ["incomplete in the patch, replaced by stand-ins: create_pgd_mapping"]
      ),
      against: .latest, judgement: judgement, modes: ["sv39", "sv48", "sv57"],
      cases: findings.count + 170_552, seconds: 12.345, seed: 7,
      universes: [
        UniverseOutcome(
          name: "sv39/linear/spine", definition: "every state of a spine of tables", size: 65_536,
          cases: 65_536, differing: 0, judged: 1024),
        UniverseOutcome(
          name: "sv48/vmemmap/two", definition: "every state of two tables", size: 102_016,
          cases: 102_016, differing: differences.isEmpty ? 0 : 96, judged: 2048),
      ],
      random: RandomOutcome(
        seed: 7, drawn: 3000, cases: 3000, differing: differences.isEmpty ? 0 : 12),
      isComplete: isComplete, hazards: hazards, coverage: .measured(SnapshotCoverage.part),
      differences: differences, sources: try Self.sources())
    report.functions.removeAll { !Self.functions.contains($0.function) }
    return report
  }

  private func finding(_ place: Int, _ scenario: Scenario) throws -> CaseFinding {
    let image = try scenario.lowered()
    let subject = observed(image, scenario)
    let steps = self.steps(image, scenario)
    let reference = HotplugPort(fixes: .latest)
    return CaseFinding(
      place: place, scenario: scenario.id, mode: scenario.mode,
      operations: scenario.operations.map(\.function), size: scenario.complexity,
      comparisons: Dictionary(
        uniqueKeysWithValues: UpstreamFixes.allSets.map { fixes in
          (fixes, subject.compared(to: HotplugPort(fixes: fixes).observe(image)))
        }),
      broken: BrokenRules(
        Oracle.violations(image, steps),
        reference: Oracle.violations(image, reference.steps(image))))
  }

  private func difference(
    _ id: String, _ group: DifferenceGroup, _ scenario: Scenario
  ) throws -> ReportedDifference {
    let image = try scenario.lowered()
    let subject = observed(image, scenario)
    let reference = HotplugPort(fixes: group.reference).observe(image)
    return ReportedDifference(
      id: id, group: group, scenario: scenario,
      difference: subject.compared(to: reference).difference, subject: subject,
      reference: reference, madeFrom: id == "D1" ? "random/sv39/7-12" : nil,
      isMinimal: id == "D1",
      replay: "mhpcheck replay \(scenario.id)@\(scenario.mode) backport.patch")
  }

  /// The subject's observation at the end of each call.
  private func steps(_ image: MachineImage, _ scenario: Scenario) -> [Observation] {
    port.steps(image).map { departed($0, from: image, scenario) }
  }

  private func observed(_ image: MachineImage, _ scenario: Scenario) -> Observation {
    departed(port.observe(image), from: image, scenario)
  }

  private var port: HotplugPort {
    if case .without(let fixes) = departure {
      return HotplugPort(fixes: .latest.subtracting(fixes))
    }
    return HotplugPort(fixes: .latest)
  }

  private func departed(
    _ observation: Observation, from image: MachineImage, _ scenario: Scenario
  ) -> Observation {
    var departed = observation
    switch (departure, scenario.id) {
    case (.spellings, "free-pte-table/empty-hot-added"): departed.spellings = .tableConstructor
    case (.slips, "arch-remove-memory/a-section"):
      departed.events.removeAll { $0.kind == EventKind.flush.rawValue }
    case (.slips, "arch-add-memory/a-section"): departed.maxPFN = image.maxPFN
    case (.slips, "remove-pmd-mapping/linear-leaf"):
      guard
        let place = departed.events.firstIndex(where: { $0.kind == EventKind.clear.rawValue })
      else { break }
      let event = departed.events.remove(at: place)
      for run in image.runs where UInt64(run.table) == event.a {
        for (slot, word) in run.words where UInt64(slot) == event.b {
          departed.tables[Int(event.a)][slot] = word
        }
      }
    default: break
    }
    return departed
  }

  /// The functions of this repository's reference, as if they came from the user.
  private static func sources() throws -> [FunctionSource] {
    let file = Repository.url("CKernelShim/subject/reference.inc")
    let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return functions.compactMap { function in
      guard
        let first = lines.firstIndex(where: {
          $0.contains(" \(function.name)(") && $0.first?.isLetter == true && !$0.hasSuffix(";")
        }), let last = lines[first...].firstIndex(of: "}")
      else { return nil }
      return FunctionSource(
        function: function, file: "backport.patch", isOnDisk: true,
        lines: (first...last).map { .init(number: $0 + 1, text: String(lines[$0])) })
    }
  }
}

/// Coverage without a run.
enum SnapshotCoverage {
  /// Every branch.
  static var whole: Coverage {
    coverage(file: "backport.patch", text: "`if (x)`", reached: [0, 1, 2])
  }
  /// All branches but one.
  static var part: Coverage { coverage(file: "backport.patch", text: "`if (x)`", reached: [0, 1]) }
  /// Coverage whose texts come from a stranger.
  static var hostile: Coverage {
    coverage(file: HostileText.name, text: HostileText.all, reached: [0, 1])
  }

  private static func coverage(file: String, text: String, reached: [Int]) -> Coverage {
    let line = CoverageLine(file: file, number: 452)
    let function = CoveredFunction(
      name: "free_pmd_table", lines: [CoveredFunction.Line(line: line, text: text)],
      points: [
        CoveragePoint(kind: .entry, mark: 0, line: line, text: "free_pmd_table"),
        CoveragePoint(kind: .branch, mark: 1, line: line, text: "then of \(text)"),
        CoveragePoint(kind: .branch, mark: 2, line: line, text: "else of \(text)"),
      ], unread: [])
    var marks = MarkSet(count: 3)
    for mark in reached { marks.insert(mark) }
    return Coverage(
      CoverageMap(functions: [function], markCount: 3, compiled: [0, 1, 2]), reached: marks)
  }
}
