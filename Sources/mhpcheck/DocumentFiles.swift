// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Reports

/// How much of an answer goes to the terminal.
struct ShowOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Only the answer, in one sentence.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Everything: tables, traces and what else is left out.")
  var verbose = false

  mutating func validate() throws {
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// The printer for standard output.
  var printer: TextPrinter {
    TextPrinter(style: Output.style, isQuiet: quiet, isVerbose: verbose)
  }
}

/// The files that every verb writes its answer to, each in its own format.
struct DocumentFiles: ParsableArguments {
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

  mutating func validate() throws {
    guard [json, markdown, html].count(where: { $0 == "-" }) < 2 else {
      throw ValidationError("standard output can take one of --json, --markdown and --html")
    }
  }

  /// The files, found fit to be written before a run; `read` are files that must not be among them.
  func found(
    apartFrom read: [String] = [], show: ShowOptions
  ) throws(PipelineError) -> AnswerFiles {
    let files = AnswerFiles(
      json: try .named(json), markdown: try .named(markdown), html: try .named(html),
      printer: [json, markdown, html].contains("-") ? nil : show.printer, isQuiet: show.quiet)
    try Destination.checkApart(
      [files.json, files.markdown, files.html].compactMap { $0 }, read: read)
    return files
  }
}

/// The frame in which a verb runs: progress on standard error, signals, and the places of its answer.
struct AnswerFiles {
  let json: Destination?
  let markdown: Destination?
  let html: Destination?
  /// Prints the answer; nil where a file takes standard output.
  let printer: TextPrinter?
  let isQuiet: Bool

  /// The answer of some work.
  ///
  /// - Parameter failure: JSON for a run that failed, but for wrong usage; nil where the verb has none.
  func answer<Answer>(
    failure: (PipelineError) -> String? = { _ in nil },
    _ work: (RunProgress, StopSignal) async throws(PipelineError) -> Answer
  ) async throws(PipelineError) -> Answer {
    let stop = StopSignal()
    Interruption.stops(stop)
    do throws(PipelineError) {
      let answer = try await work(Output.progress(isQuiet: isQuiet), stop)
      Output.endProgress()
      return answer
    } catch {
      Output.endProgress()
      if let json, error.status != .usage, let text = failure(error) { try json.write(text) }
      throw error
    }
  }

  /// Writes an answer to each file that was asked for, and prints it.
  ///
  /// - Parameter lines: the text for the terminal where it is not the document's.
  func deliver(
    _ document: Document, text lines: String? = nil, json text: @autoclosure () -> String
  ) throws(PipelineError) {
    try json?.write(text())
    try markdown?.write(MarkdownPrinter().print(document))
    try html?.write(HTMLPrinter().print(document))
    if let printer { try Output.write(lines ?? printer.print(document)) }
  }
}
