// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Machine
import Subprocess

/// Runs the programs that a compilation needs: without a shell, in an environment of their own, with
/// bounded time, memory and output.
struct CompilerProcess: Sendable {
  /// The folders to search for programs.
  let searchPath: [String]
  /// Limit of wall-clock time. It is far longer than a compilation takes, because a busy machine proves
  /// nothing about a subject; `processorSeconds` is the tight bound.
  let limit: Duration
  /// Limit of processor time, in seconds.
  private static let processorSeconds: Int64 = 30

  /// The result of a program that ran to its end.
  struct Outcome: Sendable {
    let isSuccess: Bool
    let output: String
    let errors: String
  }

  private enum Ending: Sendable {
    case outcome(Outcome)
    case timeout
    case failure(Failure)
  }

  init(searchPath: [String]? = nil, limit: Duration = .seconds(300)) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    self.searchPath = searchPath ?? path.split(separator: ":").map(String.init)
    self.limit = limit
  }

  /// The path of a program; nil if no folder contains it.
  func locate(_ name: String) -> String? {
    if name.contains("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
    return searchPath.lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program to its end.
  ///
  /// - Throws: if the program cannot start, runs too long or writes too much.
  func run(
    _ program: String, _ arguments: [String], folder: String? = nil, input: String = ""
  ) async throws(Failure) -> Outcome {
    let ending = await withTaskGroup(of: Ending.self) { group in
      group.addTask { await outcome(program, arguments, folder, input) }
      group.addTask {
        // Cancellation ends the sleep early; the other task has its answer by then.
        try? await Task.sleep(for: limit)
        return .timeout
      }
      let first = await group.next() ?? .timeout
      group.cancelAll()
      return first
    }
    let name = program.split(separator: "/").last.map(String.init) ?? program
    switch ending {
    case .outcome(let outcome): return outcome
    case .failure(let error): throw error
    case .timeout:
      throw Failure(.unreadable, "\(name) did not finish within \(limit.components.seconds) s")
    }
  }

  private func outcome(
    _ program: String, _ arguments: [String], _ folder: String?, _ input: String
  ) async -> Ending {
    var options = PlatformOptions()
    // A compiler driver starts further programs; the group stops all of them together.
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    var environment: [Environment.Key: String] = [
      "PATH": searchPath.joined(separator: ":"), "LC_ALL": "C",
    ]
    if let folder { environment["TMPDIR"] = folder }
    let (path, list) = bounded(program, arguments)
    do {
      let result = try await Subprocess.run(
        .path(.init(path)), arguments: Arguments(list), environment: .custom(environment),
        platformOptions: options, input: .string(input), output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20))
      return .outcome(
        Outcome(
          isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
          errors: result.standardError))
    } catch {
      return .failure(
        Failure(.unreadable, "\(program) could not be run: \(Self.firstLine("\(error)"))"))
    }
  }

  /// Adds prlimit, if the machine has it: it bounds memory, processor time and file size, for children too,
  /// because a macro can expand without end.
  private func bounded(_ program: String, _ arguments: [String]) -> (String, [String]) {
    guard let prlimit = locate("prlimit") else { return (program, arguments) }
    let seconds = UInt(min(Self.processorSeconds, max(1, limit.components.seconds)))
    return (
      prlimit,
      [
        "--as=\(Self.least(RLIMIT_AS, 4 << 30))", "--cpu=\(Self.least(RLIMIT_CPU, seconds))",
        "--fsize=\(Self.least(RLIMIT_FSIZE, 64 << 20))", "--core=0", "--", program,
      ] + arguments
    )
  }

  /// The lower of `limit` and the machine's own limit, which only root could raise.
  private static func least(_ resource: __rlimit_resource, _ limit: UInt) -> UInt {
    var own = rlimit(rlim_cur: .max, rlim_max: .max)
    getrlimit(__rlimit_resource_t(resource.rawValue), &own)
    return min(limit, own.rlim_cur)
  }

  static func firstLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no message"
  }
}
