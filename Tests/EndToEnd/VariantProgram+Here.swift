// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Engine
@testable import Machine
@testable import Reports

/// Checks at smoke depth in this process. They leave out what tests of many texts do not look at, and what costs
/// most: smaller cases, lines, coverage and, where it is not asked for, the causes.
extension VariantProgram {
  /// A verdict, or the reason why there is none.
  struct Answer: Sendable, CustomTestStringConvertible {
    /// The exit status that the program would have.
    var status: Int
    /// The verdict's word, or the one line of the failure.
    var words: String

    var testDescription: String { "status \(status), \"\(words)\"" }
  }

  /// The report on a file, in the form that a test reads.
  static func reportHere<Form: Decodable>(
    on file: String, modes: [String] = [], findsCauses: Bool = true
  ) async throws -> Form {
    let request = CheckRequest(
      subject: file, modes: try pagingModes(modes), depth: .smoke, jobs: 1, shrinksCases: false,
      findsPlaces: false, findsCauses: findsCauses, measuresCoverage: false)
    let report = try await ProgramThrottle.shared.hold {
      try await CheckRun(files: try files.get()).report(request)
    }
    return try JSONDecoder().decode(Form.self, from: Data(JSONRenderer().render(report).utf8))
  }

  /// What the program says of a file: the verdict alone, or the failure.
  static func answerHere(on file: String, modes: [String] = []) async throws -> Answer {
    let request = CheckRequest(
      subject: file, modes: try pagingModes(modes), depth: .smoke, jobs: 1, showsDifferences: false,
      findsCauses: false, measuresCoverage: false)
    do {
      let report = try await ProgramThrottle.shared.hold {
        try await CheckRun(files: try files.get()).report(request)
      }
      let status: Machine.ExitStatus =
        switch report.verdict {
        case .conforms: .conforms
        case .missingFixes, .differs: .differs
        case .unbuildable: .unreadable
        case .incomplete: .incomplete
        }
      return Answer(status: Int(status.rawValue), words: report.verdict.rawValue)
    } catch let failure as Failure {
      return Answer(status: Int(failure.status.rawValue), words: failure.text)
    }
  }

  /// The modes with these names; all without names.
  private static func pagingModes(_ names: [String]) throws -> [PagingMode] {
    let modes = Architecture.riscv.modes
    if names.isEmpty { return modes }
    let found = modes.filter { names.contains($0.name) }
    try #require(found.count == names.count, "\(names)")
    return found
  }
}
