// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

/// Cases as machine images: those of the catalogue, created once per mode, and literal ones.
package final class CaseResolver {
  package init() {}

  private var scenarios: [String: [Scenario]] = [:]
  private var universes: [String: Universe] = [:]
  /// A cursor on the universe of the last request.
  private var cursor: UniverseCursor?

  /// The image of a case; the error says why a scenario cannot be lowered.
  package func image(of reference: CaseReference) throws(ExecutionError) -> MachineImage {
    if case .universe(let name, let place) = reference {
      let universe = try universe(named: name)
      if cursor?.universe.name != name { cursor = UniverseCursor(universe) }
      guard universe.has(place) else {
        throw ExecutionError("universe \(name) has no case \(place)")
      }
      cursor?.setState(place.state)
      cursor?.setCall(place.operation, range: place.range)
      return cursor?.image ?? UniverseCursor(universe).image
    }
    if case .beginning(let whole, let operations) = reference {
      var image = try image(of: whole)
      image.operations = Array(image.operations.prefix(operations))
      return image
    }
    if case .stopped(let whole, _) = reference { return try image(of: whole) }
    let scenario = try scenario(of: reference)
    do {
      return try scenario.lowered()
    } catch {
      throw ExecutionError("case \(scenario.id): \(error)")
    }
  }

  package func universe(named name: String) throws(ExecutionError) -> Universe {
    if let known = universes[name] { return known }
    guard let universe = Universe.named(name, among: Architecture.riscv.modes) else {
      throw ExecutionError("there is no universe \(name)")
    }
    universes[name] = universe
    return universe
  }

  /// The scenario of a case; the error says why none exists.
  package func scenario(of reference: CaseReference) throws(ExecutionError) -> Scenario {
    switch reference {
    case .catalogue(let name, let index):
      guard let mode = Architecture.riscv.mode(named: name) else {
        throw ExecutionError("there is no mode \(name)")
      }
      let known = scenarios[name] ?? Catalogue.scenarios(mode: mode)
      scenarios[name] = known
      guard known.indices.contains(index) else {
        throw ExecutionError("the catalogue has no case \(index) in \(name)")
      }
      return known[index]
    case .universe(let name, let place): return try universe(named: name).scenario(of: place)
    case .stopped(let whole, _): return try scenario(of: whole)
    case .beginning(let whole, let operations):
      var scenario = try scenario(of: whole)
      scenario.operations = Array(scenario.operations.prefix(operations))
      return scenario
    case .random(let name, let seed, let index):
      guard let mode = Architecture.riscv.mode(named: name) else {
        throw ExecutionError("there is no mode \(name)")
      }
      return RandomCampaign(mode: mode, seed: seed).scenario(index)
    case .literal(let json):
      do {
        return try Scenario(jsonText: json)
      } catch {
        throw ExecutionError("\(error)")
      }
    }
  }
}
