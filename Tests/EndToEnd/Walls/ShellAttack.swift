// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

/// An attack that a line of shell can make, and what it has to come to. `$P` is the program, `$R` the text of
/// the embedded reference, and the folder is empty before it.
struct ShellAttack: Sendable, CustomTestStringConvertible {
  let name: String
  let script: String
  /// The exit statuses that are right; a signal or a trap never is.
  let statuses: Set<Int>
  /// What the one line on standard error says; nil where there need be none.
  let words: String?
  /// Shell that fails unless the folder is afterwards as it has to be.
  let after: String

  init(
    _ name: String, _ script: String, status: Int..., says words: String? = nil,
    after: String = "true"
  ) {
    self.name = name
    self.script = script
    statuses = Set(status)
    self.words = words
    self.after = after
  }

  var testDescription: String { name }

  /// Makes the attack, with what every attack has to come to: one line at most, nothing left behind.
  func run() async throws {
    let scratch = try PrivateFolder()
    let temporary = try scratch.folder("tmp")
    let place = try scratch.folder("here")
    let environment = [
      "P": try VariantProgram.path(), "TMPDIR": temporary,
      "R": try scratch.write("reference.c", try VariantFiles.reference()),
    ]
    let limited = "timeout -k 1 60 bash -c \"$SCRIPT\""
    let outcome = try await ProgramThrottle.shared.hold {
      try await Program.start(
        "bash", ["-c", limited], environment: environment.merging(["SCRIPT": script]) { $1 },
        folder: place)
    }
    #expect(
      outcome.status.map(statuses.contains) ?? false, "\(name): \(outcome.testDescription)")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count <= 1, "\(name): more than a line: \(outcome.errors)")
    if let words {
      #expect(
        lines.count == 1 && outcome.errors.contains(words),
        "\(name): no line with \"\(words)\": \(outcome.testDescription)")
    }
    let checked = try await Program.start(
      "bash", ["-e", "-c", after], environment: environment, folder: place)
    #expect(checked.status == 0, "\(name): afterwards: \(checked.testDescription)")
    let left = try await Program.start(
      "find", ["tmp", "here", "-name", "*mhpcheck-*"], folder: scratch.path)
    #expect(left.output.isEmpty, "\(name): left behind: \(left.output)")
  }
}
