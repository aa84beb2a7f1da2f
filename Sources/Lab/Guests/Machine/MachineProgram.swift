// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A stock program that makes a part of a guest. It runs without a shell, in its own environment, with
/// limited time and output.
struct MachineProgram: Sendable {
  let path: String
  /// Folders of shared libraries that it needs; nil where they are installed.
  var libraries: String?

  /// The time limit: these programs take milliseconds.
  private static let patience = Duration.seconds(60)

  init(at path: String, libraries: String? = nil) {
    self.path = path
    self.libraries = libraries
  }

  /// The program `name` on PATH; Debian's package `package` has it. Throws if it is not there.
  init(named name: String, package: String) throws(Failure) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    guard let folder = folders.first(where: { access("\($0)/\(name)", X_OK) == 0 }) else {
      throw Failure(
        .incomplete, "\(name) was not found on PATH",
        advice: "install it (on Debian: apt-get install \(package))", isAboutMissing: true)
    }
    path = "\(folder)/\(name)"
  }

  /// The name for messages.
  private var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Runs it to its end; returns its output of at most `limit` bytes. A status other than 0 is an error that
  /// quotes the first line of its standard error.
  @discardableResult
  func run(
    _ arguments: [String], folder: String? = nil, input: [UInt8] = [], limit: Int = 1 << 24
  ) async throws(Failure) -> [UInt8] {
    let configuration = configuration(arguments, folder: folder)
    let finished: Result<Finished, Failure> = await withTaskGroup { group in
      group.addTask { await collected(configuration, input: input, limit: limit) }
      group.addTask {
        try? await Task.sleep(for: Self.patience)
        return .failure(Failure(.incomplete, "\(name) did not end"))
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(Failure(.incomplete, "\(name) was not run"))
    }
    let outcome = try finished.get()
    guard outcome.isSuccess else {
      throw Failure(.incomplete, "\(name) failed: \(Self.firstLine(outcome.complaint))")
    }
    return outcome.output
  }

  private struct Finished {
    var isSuccess: Bool
    var output: [UInt8]
    var complaint: String
  }

  private func collected(
    _ configuration: Configuration, input: [UInt8], limit: Int
  ) async -> Result<Finished, Failure> {
    do {
      let result = try await Subprocess.run(
        configuration, input: .array(input), output: .bytes(limit: limit),
        error: .string(limit: 1 << 20))
      return .success(
        Finished(
          isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
          complaint: result.standardError))
    } catch {
      return .failure(
        Failure(.incomplete, "\(name) could not be run: \(Self.firstLine("\(error)"))"))
    }
  }

  private func configuration(_ arguments: [String], folder: String?) -> Configuration {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    var environment: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
    if let libraries { environment["LD_LIBRARY_PATH"] = libraries }
    return Configuration(
      executable: .path(.init(path)), arguments: Arguments(arguments),
      environment: .custom(environment), workingDirectory: folder.map { .init($0) },
      platformOptions: options)
  }

  /// The first line of `text` that is not empty.
  static func firstLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no message"
  }
}
