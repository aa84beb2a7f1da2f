// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Reports

/// The options for the amount of terminal output.
struct ShowOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Only the answer, in one sentence.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Everything: tables, traces and what else is left out.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "Reports, errors and progress in English (en) or Chinese (zh); without it, as the locale says.",
      valueName: "language"))
  var language: Language?

  mutating func validate() throws {
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// The printer for standard output.
  var printer: TextPrinter {
    TextPrinter(style: Output.style, isQuiet: quiet, isVerbose: verbose)
  }
}

extension Language: ExpressibleByArgument {}

/// The files to which every verb can write its answer, each in its own format.
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

  /// Whether any file is requested.
  var areAsked: Bool { [json, markdown, html].contains { $0 != nil } }

  /// The files, tested before a run. Throws if one cannot be written, or is among the input files `read`.
  func found(
    apartFrom read: [String] = [], show: ShowOptions
  ) throws(Failure) -> AnswerFiles {
    try AnswerFiles(json: json, markdown: markdown, html: html, apartFrom: read, show: show)
  }
}

/// The destinations of a verb's answer. It also sets up progress on standard error and signals for the run.
struct AnswerFiles {
  let json: Destination?
  let markdown: Destination?
  let html: Destination?
  /// The printer for standard output; nil if a file format uses standard output.
  let printer: TextPrinter?
  let isQuiet: Bool

  /// Tests the files of these paths. Throws if one cannot be written, or is among the input files `read`.
  init(
    json: String?, markdown: String?, html: String?, apartFrom read: [String], show: ShowOptions
  ) throws(Failure) {
    self.json = try .named(json)
    self.markdown = try .named(markdown)
    self.html = try .named(html)
    printer = [json, markdown, html].contains("-") ? nil : show.printer
    isQuiet = show.quiet
    try Destination.checkApart(
      [self.json, self.markdown, self.html].compactMap { $0 }, read: read)
  }

  /// Runs `work` and returns its answer.
  ///
  /// - Parameter failure: the JSON for a run that fails other than by wrong usage; nil if the verb has none.
  func answer<Answer>(
    failure: (Failure) -> String? = { _ in nil },
    _ work: (RunProgress, StopSignal) async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    try await Output.answer(isQuiet: isQuiet, work) { error throws(Failure) in
      if let json, let text = failure(error) { try json.write(text) }
    }
  }

  /// Writes an answer to each requested file, and prints it.
  ///
  /// - Parameter lines: the text for the terminal, if it is not the document.
  func deliver(
    _ document: Document, text lines: String? = nil, json text: @autoclosure () -> String
  ) throws(Failure) {
    try json?.write(text())
    let document = Output.language.document(document)
    try markdown?.write(MarkdownPrinter().print(document))
    try html?.write(HTMLPrinter().print(document))
    if let printer { try Output.write(lines ?? printer.print(document)) }
  }
}
