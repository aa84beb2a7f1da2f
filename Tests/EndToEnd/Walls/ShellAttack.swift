// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

/// An attack by a line of shell, and its expected result. `$P` is the program, `$R` is the text of the
/// embedded reference, and the folder is empty at the start.
struct ShellAttack: Sendable, CustomTestStringConvertible {
  let name: String
  let script: String
  /// The allowed exit statuses; a signal or a trap is never allowed.
  let statuses: Set<Int>
  /// Words of the one line on standard error; nil where no line is required.
  let words: String?
  /// A shell command that fails unless the folder has the expected contents afterwards.
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

  /// Runs the attack and checks what holds for all: at most one line of error, nothing left behind.
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
