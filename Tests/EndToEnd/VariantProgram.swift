// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@testable import Engine

/// Runs the program under test on variants: as a process where the variant is hostile, else in this process, where
/// hundreds of runs share the catalogue.
enum VariantProgram {
  /// The output of a run and its exit status.
  struct Run: Sendable {
    /// The exit status; nil when a signal ended the program.
    var status: Int?
    /// All of standard output: the report as JSON.
    var output: String
    /// All of standard error.
    var errors: String

    /// The report; throws the decoder's error if the output is not one.
    func report() throws -> VariantReport {
      try JSONDecoder().decode(VariantReport.self, from: Data(output.utf8))
    }

    /// The description of the run in a failing test.
    var summary: String {
      "status \(status.map(String.init) ?? "none"), errors: \(errors.prefix(2000))"
    }
  }

  /// The program was in none of these places.
  struct Missing: Error, CustomStringConvertible {
    var places: [String]
    var description: String { "no mhpcheck at \(places.joined(separator: ", "))" }
  }

  /// The run on the embedded reference, which all tests share.
  static let reference = Task { try await check("builtin") }

  /// The program's path: `MHPCHECK_PROGRAM`, or beside the test bundle, or in the package's build folder.
  static func path() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["MHPCHECK_PROGRAM"] { return named }
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let build = Repository.root.appending(path: ".build")
    let folders = [bundle, build.appending(path: "debug"), build.appending(path: "release")]
    let places = folders.map { $0.appending(path: "mhpcheck").path }
    guard let place = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw Missing(places: places)
    }
    return place
  }

  /// The program's files, with one shelf for all runs in this process.
  static let files = Result {
    let program = try path()
    let folder = URL(filePath: program).deletingLastPathComponent().path
    return ProgramFiles(
      program: program, stubs: "\(folder)/mhpcheck_CKernelShim.resources/stubs",
      reference: "\(folder)/mhpcheck_CKernelReference.resources/reference.inc",
      answers: AnswerShelf(of: program))
  }

  /// Checks a subject that the command line names.
  static func check(
    _ subject: String, defines: [String] = [], depth: String = "smoke"
  ) async throws -> Run {
    let program = try path()
    let result = try await ProgramThrottle.shared.hold {
      try await Subprocess.run(
        .path(.init(program)),
        arguments: Arguments(
          [
            "check", subject, "--depth", depth, "--quiet", "--no-coverage", "--no-shrink",
            "--jobs", "1", "--json", "-",
          ] + defines.flatMap { ["-D", $0] }),
        environment: .inherit.updating(["MHPCHECK_KEEP_NOTHING": "1"]),
        output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
    }
    let status: Int? =
      if case .exited(let code) = result.terminationStatus { Int(code) } else { nil }
    return Run(status: status, output: result.standardOutput, errors: result.standardError)
  }

  /// Checks the reference with the edits applied, from a temporary file.
  static func check(
    _ edit: EditFile, defines: [String] = [], depth: String = "smoke"
  ) async throws -> Run {
    try await withText(of: edit) { file in
      try await check(file, defines: defines, depth: depth)
    }
  }

  /// The same at smoke depth, in this process, for an edit that does not attack it.
  static func checkHere(
    _ edit: EditFile, findsCauses: Bool = true
  ) async throws -> VariantReport {
    try await withText(of: edit) { file in
      try await reportHere(on: file, findsCauses: findsCauses)
    }
  }

  private static func withText<Result>(
    of edit: EditFile, _ body: (_ file: String) async throws -> Result
  ) async throws -> Result {
    let text = try edit.applied(to: VariantFiles.reference())
    let folder = try PrivateFolder()
    return try await body(try folder.write("init.c", text))
  }
}
