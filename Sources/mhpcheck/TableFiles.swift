// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Pipeline

/// The files that verbs with tables write.
struct TableFiles: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write it as JSON (- for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp("Write it as Markdown (- for standard output).", valueName: "file"),
    completion: .file())
  var markdown: String?

  @Option(
    help: ArgumentHelp("Write it as one HTML file (- for standard output).", valueName: "file"),
    completion: .file())
  var html: String?

  /// Whether one of them takes the place of the text.
  var useStandardOutput: Bool { [json, markdown, html].contains("-") }

  /// Standard output is one document.
  func checkOneUsesStandardOutput() throws {
    guard [json, markdown, html].count(where: { $0 == "-" }) < 2 else {
      throw ValidationError("standard output can take one of --json, --markdown and --html")
    }
  }

  /// Writes those that were asked for.
  func write(
    json text: @autoclosure () -> String, markdown page: @autoclosure () -> String,
    html file: @autoclosure () -> String
  ) throws(PipelineError) {
    if let json { try Output.write(text(), toFile: json) }
    if let markdown { try Output.write(page(), toFile: markdown) }
    if let html { try Output.write(file(), toFile: html) }
  }
}
