// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import FoundationEssentials
import Lab
import Machine
import Port
import Reports

/// `mhpcheck confirm`: compares a running kernel with the model.
struct Confirm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Boots a kernel and holds what it does to its page tables against the model.",
    discussion: """
      A riscv64 kernel runs in QEMU, adds and removes memory as cases say, and its page tables are read \
      from outside. QEMU and Debian's kernels are fetched with apt into the user's cache folder, once; \
      nothing is installed and no root is needed.

      Exit status: 0 the kernel did what the model says in every case; 1 it did not in some; 2 wrong \
      usage; 3 an image or a folder of modules cannot be read; 4 the run could not be completed: no \
      packages, no QEMU, a guest that hangs, a case that was skipped.
      """)

  @OptionGroup var choice: ConfirmChoice

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The paging modes to run (default: all).", valueName: "mode"))
  var mode: [ModeArgument] = []

  @Option(
    name: .customLong("case"), parsing: .upToNextOption,
    help: ArgumentHelp("Run only these cases; --list has their ids.", valueName: "id"),
    completion: .confirmCases)
  var cases: [String] = []

  @Flag(help: "Run only the few cases that continuous integration runs.")
  var short = false

  @Option(
    help: ArgumentHelp(
      "Keep console logs, device trees and memory snapshots in a folder that is new or empty.",
      valueName: "folder"), completion: .directory)
  var keep: String?

  @Flag(help: "List the cases instead of running them: id, modes, purpose.")
  var list = false

  @Flag(
    name: .customLong("skip-missing"),
    help: "Where packages, programs or a network are missing, say so and succeed.")
  var skipsMissing = false

  @Option(help: ArgumentHelp("Guests at a time (default: one a core).", valueName: "n"))
  var jobs: Int?

  @OptionGroup var show: ShowOptions

  @OptionGroup var files: DocumentFiles

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs takes 1 to 1024") }
    if short, !cases.isEmpty {
      throw ValidationError("--short says which cases to run; leave it or --case out")
    }
    try ConfirmChoice.check(cases: cases)
    if request.turns.isEmpty {
      let modes = request.modes.map(\.name).joined(separator: " ")
      throw ValidationError(
        "no case that was asked for is for \(modes); "
          + "mhpcheck confirm --list says which modes each is for")
    }
  }

  private var request: ConfirmRequest {
    let asked = Set(mode.map(\.mode))
    return ConfirmRequest(
      kernel: choice.kernel,
      modes: Architecture.riscv.modes.filter { asked.isEmpty || asked.contains($0) },
      cases: cases.isEmpty ? nil : cases, isShort: short, keep: keep,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  func run() async throws {
    if list { return try Output.write(ConfirmChoice.list(request.turns)) }
    let request = request
    try request.checkFiles()
    let answer = try files.found(show: show)
    let report = try await outcome(of: request, json: answer.json)
    try answer.deliver(
      ConfirmDocument.of(report, tool: Version.text),
      json: JSONRenderer().render(report, tool: Version.text))
    let status = report.status(skipsMissing: skipsMissing)
    if status != .conforms { throw ExitCode(status.rawValue) }
  }

  /// Runs the request. With --skip-missing, missing packages, programs or networks give a report of skipped
  /// cases.
  private func outcome(
    of request: ConfirmRequest, json: Destination?
  ) async throws -> ConfirmReport {
    let progress = Output.progress(isQuiet: show.quiet)
    let isQuiet = show.quiet
    do throws(Failure) {
      let report = try await ConfirmRun.run(request) { event in
        switch event {
        case .note(let what): progress.note(what)
        case .finished(let one, let count, let all):
          if !isQuiet {
            Output.tell("\(count) of \(all) cases; the last: \(one.confirmCase.id)@\(one.mode)")
          }
        }
      }
      Output.endProgress()
      return report
    } catch {
      Output.endProgress()
      if skipsMissing, error.isAboutMissing { return request.skipped(because: error.text) }
      try json?.write(
        JSONRenderer().render(
          confirmFailure: error.text, kernel: request.kernel.name, tool: Version.text))
      Output.drawConsole(error.console)
      throw error
    }
  }
}
