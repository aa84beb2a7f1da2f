// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Port
import Reports

/// `mhpcheck bench`: measures the cost of a case.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what a case costs: in C, in the port, and checked.",
    discussion: """
      Nanoseconds of processor time a case, for three ways of running the same cases of the \
      embedded reference in one thread: (c) loading the state and running it in C; (port) the same \
      in Swift; (checked) both, with everything each did observed and compared. Each set of cases \
      is run in the three ways in turn, several times; the shortest time of each counts.

      Sets of cases, a mode: "universes", a fixed part of the universes of standard depth over \
      whole pages, in tables of two entries, where making the next state counts, once a side; "catalogue", the \
      named cases that come back, in tables of 512 entries, made beforehand; and large teardowns \
      in one call each, in the modes whose address space has room.
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The paging modes to measure (default: all).", valueName: "mode"))
  var mode: [ModeArgument] = []

  @Flag(help: "Fewer and smaller cases, once each: to see that all works. The figures mean little.")
  var quick = false

  @OptionGroup var show: ShowOptions

  @OptionGroup var files: DocumentFiles

  func run() throws {
    let answer = try files.found(show: show)
    let asked = Set(mode.map(\.mode))
    let modes = Architecture.riscv.modes.filter { asked.isEmpty || asked.contains($0) }
    let report: BenchReport
    do throws(Failure) {
      report = try BenchRun(quick ? .quick(modes) : .full(modes), note: Output.tell).report()
    } catch {
      Output.endProgress()
      throw error
    }
    Output.endProgress()
    try answer.deliver(
      BenchDocument.of(report, tool: Version.text), json: report.json(tool: Version.text))
  }
}
