// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab

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

  /// The same once they were found fit to be written, before a run.
  struct Found {
    let json: Destination?
    let markdown: Destination?
    let html: Destination?

    /// Writes those that were asked for.
    func write(
      json text: @autoclosure () -> String, markdown page: @autoclosure () -> String,
      html file: @autoclosure () -> String
    ) throws(PipelineError) {
      try json?.write(text())
      try markdown?.write(page())
      try html?.write(file())
    }
  }

  /// Finds all of them; `read` are files that must not be among them.
  func found(apartFrom read: [String] = []) throws(PipelineError) -> Found {
    let found = Found(
      json: try .named(json), markdown: try .named(markdown), html: try .named(html))
    try Destination.checkApart(
      [found.json, found.markdown, found.html].compactMap { $0 }, read: read)
    return found
  }
}
