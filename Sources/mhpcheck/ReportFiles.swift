// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Pipeline
import Reporting

/// The files that a check is written to, each in its own format.
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

  /// The files asked for, each with what writes it.
  private var asked: [(path: String, renderer: any CheckRenderer)] {
    let all: [(String?, any CheckRenderer)] = [
      (json, JSONRenderer()), (ktap, KTAPRenderer()), (junit, JUnitRenderer()),
      (sarif, SARIFRenderer()), (markdown, MarkdownRenderer()), (mail, MailRenderer()),
      (html, HTMLRenderer()),
    ]
    return all.compactMap { path, renderer in path.map { ($0, renderer) } }
  }

  /// Whether any file is asked for.
  var areAsked: Bool { !asked.isEmpty }

  /// Whether standard output is one of them, and nothing else is to be written there.
  var takeStandardOutput: Bool { asked.contains { $0.path == "-" } }

  mutating func validate() throws {
    let paths = asked.map(\.path)
    if let twice = paths.first(where: { path in paths.count { $0 == path } > 1 }) {
      throw ValidationError(
        "\(twice == "-" ? "standard output" : twice) can take one report, not two")
    }
  }

  /// Writes all of them.
  func write(_ outcome: CheckOutcome) throws(PipelineError) {
    for (path, renderer) in asked { try Output.write(renderer.render(outcome), toFile: path) }
  }
}
