// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Oracle
import Port
import Reports

/// `mhpcheck list`: lists functions, cases, universes, fixes, hazards or rules.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the functions, the cases, the universes, the fixes, the hazards or the rules.")

  /// The kind of things to list.
  enum Topic: String, ExpressibleByArgument, CaseIterable {
    case functions, cases, universes, fixes, hazards, rules
  }

  @Argument(help: "functions, cases, universes, fixes, hazards or rules.")
  var topic: Topic = .functions

  @Option(
    help: ArgumentHelp(
      "Print one case as JSON, by its id, with @MODE where it is in several modes.",
      valueName: "id"), completion: .cases)
  var show: String?

  @OptionGroup var display: ShowOptions

  @OptionGroup var files: DocumentFiles

  func run() throws {
    if let show {
      try Output.write(try CatalogueCase.find(show).jsonText())
      return
    }
    let list = ThingList(topic: topic.rawValue, items: items)
    let answer = try files.found(show: display)
    try answer.deliver(list.document, text: list.text, json: list.json(tool: Version.text))
  }

  private var items: [ThingList.Item] {
    switch topic {
    case .functions: KernelFunction.allCases.map { .init(id: $0.name) }
    case .fixes:
      UpstreamFixes.all.map {
        .init(id: $0.commit, title: $0.title, remarks: [$0.symptom, $0.modes])
      }
    case .hazards:
      Hazard.all.map { .init(id: $0.id.rawValue, title: $0.title, remarks: [$0.known]) }
    case .rules:
      OracleRule.allCases.sorted().map {
        .init(id: $0.rawValue, title: "(\($0.severity.rawValue))", remarks: [$0.sentence])
      }
    case .universes:
      Architecture.riscv.modes.flatMap { mode in
        Universe.universes(.deep, mode: mode).map {
          .init(id: $0.name, title: " \($0.caseCount) cases", remarks: [$0.definition])
        }
      }
    case .cases:
      Architecture.riscv.modes.flatMap { mode in
        Catalogue.scenarios(mode: mode).map {
          .init(id: "\($0.id)@\(mode.name)", title: " \($0.purpose)")
        }
      }
    }
  }
}

/// The lookup of cases by name: of the catalogue, of universes, and of random cases.
enum CatalogueCase {
  /// All cases as ID@MODE.
  static var names: [String] { Catalogue.all().map { "\($0.id)@\($0.mode)" } }

  /// The case "ID@MODE", or "ID" in the first mode that has it. Throws if there is none.
  static func find(_ name: String) throws -> Scenario {
    if let found = caseOfUniverse(name) ?? RandomCampaign.scenario(named: bare(name)) {
      return found
    }
    let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
    let modes = Architecture.riscv.modes.filter { parts.count < 2 || $0.name == parts[1] }
    for mode in modes {
      if let found = Catalogue.scenarios(mode: mode).first(where: { $0.id == parts.first }) {
        return found
      }
    }
    let nearest = Explanations.nearest(to: name, among: names).list
    throw ValidationError(
      "the catalogue has no case \(name); the nearest are \(nearest); mhpcheck list cases lists all"
    )
  }

  /// The id without "@MODE".
  private static func bare(_ name: String) -> String { String(name.prefix { $0 != "@" }) }

  /// The case "universe/NAME/STATE-OPERATION-RANGE", as in reports.
  private static func caseOfUniverse(_ name: String) -> Scenario? {
    let parts = name.prefix { $0 != "@" }.split(separator: "/")
    guard parts.count > 2, parts.first == "universe" else { return nil }
    let numbers = parts[parts.count - 1].split(separator: "-").compactMap { UInt64($0) }
    let universe = Universe.named(
      parts[1..<(parts.count - 1)].joined(separator: "/"), among: Architecture.riscv.modes)
    guard let universe, numbers.count == 3, numbers[0] < universe.stateCount,
      numbers[1] < universe.operations.count, numbers[2] < universe.rangeCount
    else { return nil }
    return universe.scenario(
      of: UniverseCase(state: numbers[0], operation: Int(numbers[1]), range: numbers[2]))
  }
}
