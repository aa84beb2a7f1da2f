// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// A folder that `mhpcheck replay --format c` wrote.
struct Reproducer {
  let folder: String

  /// Writes a reproducer below the test's own folder.
  static func write(
    _ scratch: PrivateFolder, _ arguments: [String], named name: String = "reproducer",
    input: [UInt8] = []
  ) async throws -> Reproducer {
    let folder = scratch.file(name)
    let outcome = try await Program.run(
      ["replay"] + arguments + ["--format", "c", "--output", folder], input: input)
    try #require(outcome.status == 0, "\(outcome.testDescription)")
    #expect(outcome.output.contains("\(folder)/reproducer.c"))
    return Reproducer(folder: folder)
  }

  /// The generated C file.
  var text: String {
    get throws { try String(contentsOfFile: "\(folder)/reproducer.c", encoding: .utf8) }
  }

  /// Builds it with its makefile, with warnings as errors, and runs it.
  func run(
    compiler: String, flags: String = "-O2 -Wall -Wextra -Werror", traps: String? = nil
  ) async throws -> Program.Outcome {
    let built = try await Program.start(
      "make",
      ["-s", "-B", "CC=\(compiler)", "CFLAGS=\(flags)"] + (traps.map { ["TRAPS=\($0)"] } ?? []),
      folder: folder)
    try #require(built.status == 0, "\(compiler): \(built.errors.prefix(2000))")
    return try await Program.start("\(folder)/reproduce", [], folder: folder)
  }

  /// Builds it with the command in its text, and runs it.
  func runByCommand(compiler: String) async throws -> Program.Outcome {
    let line = try #require(
      try text.split(separator: "\n").first { $0.hasPrefix("// cc ") })
    let command = compiler + line.dropFirst("// cc".count)
    let built = try await Program.start("sh", ["-c", command], folder: folder)
    try #require(built.status == 0, "\(compiler): \(built.errors.prefix(2000))")
    #expect(built.errors.isEmpty, "\(built.errors.prefix(2000))")
    return try await Program.start("\(folder)/reproduce", [], folder: folder)
  }
}
