// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import FoundationEssentials
import Lab
import Machine
import Reports
import Subjects

/// The options for a file of expectations.
struct ExpectationArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Fail on what this file does not expect, and on what it expects and does not occur.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var expect: String?

  @Flag(
    name: .customLong("update-expectations"),
    help: "Write the file of --expect as the subject is now; what is known keeps its lines.")
  var updates = false

  /// The same, with the file that belongs to the subject's folder where none is named.
  func or(_ file: String?) -> ExpectationArguments {
    var arguments = self
    arguments.expect = expect ?? file
    return arguments
  }

  /// The file before the run; nil if none is requested.
  func read() throws(Failure) -> ExpectationFile? {
    guard let expect else {
      guard updates else { return nil }
      throw Failure(.usage, "--update-expectations goes with --expect FILE, which it writes")
    }
    guard FileManager.default.fileExists(atPath: expect) else {
      if updates { return ExpectationFile(newFileNamed: expect) }
      throw Failure(
        .usage, "there is no file \(expect); --update-expectations writes it")
    }
    guard let bytes = try? InputFile.read(expect, regularOnly: false),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw Failure(.usage, "\(expect) cannot be read as text") }
    do throws(Failure) {
      return try ExpectationFile(name: expect, text: text)
    } catch {
      throw error.with(.usage)
    }
  }

  /// The destination of the updated file; nil if no update is requested.
  func destination() throws(Failure) -> Destination? {
    updates ? try .named(expect) : nil
  }

  /// Compares a report with the file, after an update if one is requested. A stopped run has no comparison.
  func hold(
    _ report: inout Report, against file: ExpectationFile?, writing destination: Destination?
  ) throws(Failure) {
    guard let file, report.verdict != .incomplete else { return }
    guard let destination else {
      report.expectations = file.outcome(of: report.findings)
      return
    }
    let text = file.updated(for: report.findings, modes: report.modes)
    try destination.write(text)
    do throws(Failure) {
      report.expectations = try ExpectationFile(name: file.name, text: text).outcome(
        of: report.findings)
    } catch {
      throw Failure(.incomplete, "what was written cannot be read: \(error.text)")
    }
  }
}
