// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Reports

/// The files to which a check can be written, each in its own format.
struct ReportFiles: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write the report as JSON (- for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp(
      "Write it as KTAP, version 1, which kunit.py and KernelCI read.", valueName: "file"),
    completion: .file())
  var ktap: String?

  @Option(
    help: ArgumentHelp("Write it as JUnit XML, which Jenkins and GitLab read.", valueName: "file"),
    completion: .file())
  var junit: String?

  @Option(
    help: ArgumentHelp(
      "Write it as SARIF 2.1.0, which GitHub and editors read.", valueName: "file"),
    completion: .file())
  var sarif: String?

  @Option(
    help: ArgumentHelp("Write it as Markdown for a merge request.", valueName: "file"),
    completion: .file())
  var markdown: String?

  @Option(
    help: ArgumentHelp("Write it as a reply on a mailing list.", valueName: "file"),
    completion: .file())
  var mail: String?

  @Option(
    help: ArgumentHelp(
      "Write it as a page for a browser: tables drawn, traces, source, commands.",
      valueName: "file"),
    completion: .file())
  var html: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "With --html: show on the page what this file, written by mhpcheck confirm --json, says of a "
        + "running kernel.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var confirmed: [String] = []

  /// The text of a check in one format, with a final newline.
  typealias Format = @Sendable (CheckOutcome) -> String

  /// A destination that can be written, and its format.
  struct Found {
    fileprivate let destination: Destination
    fileprivate let format: Format
  }

  /// The requested files, each with its format.
  private var asked: [(path: String, format: Format)] { asked(confirmed: []) }

  private func asked(confirmed: [ConfirmFile]) -> [(path: String, format: Format)] {
    let all: [(String?, Format)] = [
      (json, { JSONRenderer().render($0) }), (ktap, { KTAPRenderer().render($0) }),
      (junit, { JUnitRenderer().render($0) }), (sarif, { SARIFRenderer().render($0) }),
      (markdown, { MarkdownPrinter().print(Output.language.document(CheckDocument.of($0))) }),
      (
        mail,
        {
          let printer = TextPrinter(mailOf: 25)
          return printer.print(CheckDocument.of($0, least: printer.least))
        }
      ),
      (
        html,
        {
          HTMLPrinter().print(
            Output.language.document(CheckDocument.of($0, confirmed: confirmed)))
        }
      ),
    ]
    return all.compactMap { path, format in path.map { ($0, format) } }
  }

  /// Whether any file is requested.
  var areAsked: Bool { !asked.isEmpty }

  /// Whether a file is requested in a format that only a check has.
  var areOfChecks: Bool {
    !confirmed.isEmpty || [ktap, junit, sarif, mail].contains { $0 != nil }
  }

  /// Whether one of them is standard output, so that nothing else may be written there.
  var takeStandardOutput: Bool { asked.contains { $0.path == "-" } }

  mutating func validate() throws {
    if !confirmed.isEmpty, html == nil {
      throw ValidationError("--confirmed goes with --html FILE, the page that it is shown on")
    }
    let paths = asked.map(\.path)
    if let twice = paths.first(where: { path in paths.count { $0 == path } > 1 }) {
      throw ValidationError(
        "\(twice == "-" ? "standard output" : twice) can take one report, not two")
    }
  }

  /// Reads the files of --confirmed.
  private func readConfirmed() throws(Failure) -> [ConfirmFile] {
    var files: [ConfirmFile] = []
    for path in confirmed { files.append(try ConfirmFile(readingFile: path)) }
    return files
  }

  /// Tests all files before a run. Throws if one cannot be written, or is among the input files `read`.
  func found(apartFrom read: [String]) throws(Failure) -> [Found] {
    let confirmed = try readConfirmed()
    var found: [Found] = []
    for (path, format) in asked(confirmed: confirmed) {
      found.append(Found(destination: try Destination(path), format: format))
    }
    try Destination.checkApart(found.map(\.destination), read: read)
    return found
  }
}

extension [ReportFiles.Found] {
  /// Writes a check to all of them.
  func write(_ outcome: CheckOutcome) throws(Failure) {
    for file in self { try file.destination.write(file.format(outcome)) }
  }
}
