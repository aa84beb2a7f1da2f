// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The programs that read sources: found by name, and run without a shell in an environment that contains
/// only the variables that they need.
package struct Tools: Sendable {
  /// The folders to search for programs, in order.
  package let searchPath: [String]
  /// The environment of every program.
  private let environment: [String: String]

  /// Variables to inherit: they name the user's settings, temporary files and proxies. All others, above all
  /// the `GIT_*` variables, could change what a program reads or runs.
  private static let kept = [
    "HOME", "USER", "LOGNAME", "TMPDIR", "APT_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
  ]

  /// The result of a program that ran to its end.
  package struct Outcome {
    package let status: TerminationStatus
    package let output: [UInt8]
    package let errors: String

    /// The output as text, without blanks at its ends.
    package var text: String { String(decoding: output, as: UTF8.self).trimmed() }

    /// The first line of the error output that is not blank.
    package var firstError: String { Tools.firstLine(of: errors) }
  }

  /// Searches `searchPath`, or the environment's PATH if it is nil.
  package init(searchPath: [String]?) {
    let inherited = ProcessInfo.processInfo.environment
    let path = inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    self.searchPath = searchPath ?? path.split(separator: ":").map(String.init)
    var environment = inherited.filter { Self.kept.contains($0.key) }
    environment["PATH"] = self.searchPath.joined(separator: ":")
    environment["LC_ALL"] = "C.UTF-8"
    environment["GIT_TERMINAL_PROMPT"] = "0"
    // Else git would fetch missing objects of a partial clone, with commands from its own configuration.
    environment["GIT_NO_LAZY_FETCH"] = "1"
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    self.environment = environment
  }

  /// The path of the program `name`.
  package func locate(_ name: String, advice: String) throws(Failure) -> String {
    for folder in searchPath where folder.hasPrefix("/") {
      let path = "\(folder)/\(name)"
      if InputFile.kind(of: path) == .regular, access(path, X_OK) == 0 { return path }
    }
    throw Failure(
      .unreadable, "\(name) was not found on PATH", advice: advice, isAboutMissing: true)
  }

  /// The configuration that runs the program at `path` in `folder`, with additional variables `additions`.
  package func configuration(
    _ path: String, _ arguments: [String], folder: String? = nil, additions: [String: String] = [:]
  ) -> Configuration {
    let environment = environment.merging(additions) { $1 }
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    return Configuration(
      executable: .path(.init(path)), arguments: Arguments(arguments),
      environment: .custom(
        Dictionary(
          uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
      workingDirectory: folder.map { .init($0) }, platformOptions: options)
  }

  /// Runs a program to its end and collects at most `limit` bytes of its output; throws `tooLarge` if there
  /// are more.
  package func run(
    _ path: String, _ arguments: [String], folder: String? = nil, input: [UInt8] = [],
    additions: [String: String] = [:], limit: Int = 1 << 20, tooLarge: Failure? = nil
  ) async throws(Failure) -> Outcome {
    let configuration = configuration(path, arguments, folder: folder, additions: additions)
    do {
      let result = try await Subprocess.run(
        configuration, input: .array(input), output: .bytes(limit: limit),
        error: .string(limit: 1 << 20))
      // A cancelled program says nothing about its input.
      try Task.checkCancellation()
      return Outcome(
        status: result.terminationStatus, output: result.standardOutput,
        errors: result.standardError)
    } catch {
      let isTooLarge = (error as? SubprocessError)?.code == .outputLimitExceeded
      if isTooLarge, let tooLarge { throw tooLarge }
      throw Self.failure(of: path, error)
    }
  }

  /// The error for a program that could not be run or read.
  package static func failure(of path: String, _ error: any Error) -> Failure {
    if let error = error as? Failure { return error }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if error is CancellationError { return Failure(.unreadable, "\(name) was interrupted") }
    return Failure(.unreadable, "\(name) could not be run: \(firstLine(of: "\(error)"))")
  }

  /// The first line of `text` that is not blank.
  package static func firstLine(of text: String) -> String {
    text.split(whereSeparator: \.isNewline).lazy.map { String($0).trimmed() }
      .first { !$0.isEmpty } ?? "no message"
  }

  /// `text` on one line without control characters, because programs quote mirrors and packages.
  package static func plain(_ text: String) -> String {
    let isControl: (Unicode.Scalar) -> Bool = { $0.properties.generalCategory == .control }
    let scalars = text.unicodeScalars.map { isControl($0) ? " " : Character($0) }
    return String(scalars).split(separator: " ").joined(separator: " ")
  }

  /// Whether the output of a program reports a full disk.
  package static func isAboutRoom(_ errors: String) -> Bool {
    // tar first reports the short write, and dpkg-deb adds its own message to that.
    ["No space left", "enough free space", "Wrote only"].contains(where: errors.contains)
  }
}
