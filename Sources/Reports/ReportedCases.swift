// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import FoundationEssentials
import Machine

/// The cases in a JSON report that show its differences and hazards.
public struct ReportedCases: Sendable {

  private struct Entry: Decodable {
    var id: String
    var scenario: Scenario
    var madeFrom: String?
  }

  private struct Wire: Decodable {
    var schema: String
    var differences: [Entry]
    var hazards: [Entry]?
  }

  private let entries: [Entry]

  /// Reads a JSON report of `mhpcheck check`.
  public init(jsonText: String) throws(Failure) {
    do {
      let wire = try JSONDecoder().decode(Wire.self, from: Data(jsonText.utf8))
      guard wire.schema == "mhpcheck.report/1" else {
        throw Failure(.unreadable, "it is no report of mhpcheck check --json")
      }
      entries = wire.differences + (wire.hazards ?? [])
    } catch let problem as Failure {
      throw problem
    } catch let error as ScenarioError {
      throw Failure(.unreadable, "a case of it cannot be read: \(error)")
    } catch {
      throw Failure(.unreadable, "it is no report of mhpcheck check --json")
    }
  }

  /// The case of an id, such as "D1" or "H2".
  public func scenario(_ id: String) throws(Failure) -> Scenario {
    guard let found = entries.first(where: { $0.id == id }) else {
      let ids = entries.map { SafeText.line($0.id) }.list
      throw Failure(
        .unreadable, "it shows no \(SafeText.line(id)); it has \(ids.isEmpty ? "none" : ids)")
    }
    guard let origin = found.madeFrom else { return found.scenario }
    // The purpose of the case that it was made from is not its own.
    var scenario = found.scenario
    scenario.purpose = "Made smaller from \(SafeText.line(origin))."
    return scenario
  }
}
