// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Subprocess
import Testing

/// The program under test, started as from a user's shell.
enum Program {
  /// The output of a run and its exit status.
  struct Outcome: Sendable, CustomTestStringConvertible {
    /// The exit status; nil when a signal ended the program.
    var status: Int?
    /// All of standard output.
    var output: String
    /// All of standard error.
    var errors: String

    /// Standard output with one blank between words: sentences end their lines where the terminal does.
    var words: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    var testDescription: String {
      "status \(status.map(String.init) ?? "none"), output \"\(output.suffix(600))\", "
        + "errors \"\(errors.prefix(1200))\""
    }
  }

  /// Runs the program.
  ///
  /// - Parameters:
  /// - arguments: the arguments after the program's name.
  /// - input: the bytes of standard input; without them the program finds the end of the file at once.
  /// - environment: variables that override those of the tests.
  /// - folder: the working directory; nil for that of the tests.
  static func run(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    folder: String? = nil
  ) async throws -> Outcome {
    let program = try VariantProgram.path()
    return try await ProgramThrottle.shared.hold {
      let start = ContinuousClock.now
      let outcome = try await self.start(
        program, arguments, input: input, environment: environment, folder: folder)
      RunTimes.add(ContinuousClock.now - start, arguments)
      return outcome
    }
  }

  /// Runs another program around or beside the one under test, in the same way.
  static func start(
    _ program: String, _ arguments: [String], input: [UInt8] = [],
    environment: [String: String] = [:], folder: String? = nil
  ) async throws -> Outcome {
    // A test must not see the remembered state of another, nor the developer's language.
    // Progress every ten seconds is for people: what a test sees must not depend on the machine.
    let fixed = [
      "MHPCHECK_STATE": "/dev/null/none", "LC_ALL": "C.UTF-8", "MHPCHECK_NO_PROGRESS": "1",
      "MHPCHECK_KEEP_NOTHING": "1",
    ]
    let variables = Dictionary(
      uniqueKeysWithValues: environment.merging(fixed) { own, _ in own }.map {
        (Environment.Key(stringLiteral: $0), Optional($1))
      })
    let executable: Executable = program.contains("/") ? .path(.init(program)) : .name(program)
    let result = try await Subprocess.run(
      executable, arguments: Arguments(arguments), environment: .inherit.updating(variables),
      workingDirectory: folder.map { .init($0) }, input: .array(input),
      output: .string(limit: 64 << 20), error: .string(limit: 4 << 20))
    let status: Int? =
      if case .exited(let code) = result.terminationStatus { Int(code) } else { nil }
    return Outcome(
      status: status, output: result.standardOutput, errors: result.standardError)
  }

  /// Whether a tool that a test needs exists and runs successfully with these arguments.
  static func can(_ program: String, _ arguments: String...) async -> Bool {
    (try? await start(program, arguments))?.status == 0
  }
}

extension Program.Outcome {
  /// Expects one line on standard error, nothing on standard output, and an exit status; returns the line.
  @discardableResult
  func isOneLine(
    status expected: Int, mentions words: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    #expect(status == expected, "\(testDescription)", sourceLocation: sourceLocation)
    #expect(output.isEmpty, "\(testDescription)", sourceLocation: sourceLocation)
    let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.count == 2 && lines.last == "" && lines[0].hasPrefix("mhpcheck: "),
      "not one line: \(errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(
        errors.contains(word), "\"\(word)\" is not in: \(errors)", sourceLocation: sourceLocation)
    }
    return errors
  }
}

/// With MHPCHECK_RUN_TIMES=FILE, each run of the program adds a line there: its seconds, its test, its arguments.
private enum RunTimes {
  private static let file = ProcessInfo.processInfo.environment["MHPCHECK_RUN_TIMES"]

  static func add(_ time: Duration, _ arguments: [String]) {
    guard let file, let stream = fopen(file, "a") else { return }
    let test = Test.current.map { "\($0.id)" } ?? ""
    fputs("\(time / .seconds(1))\t\(test)\t\(arguments.joined(separator: " "))\n", stream)
    fclose(stream)
  }
}
