// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Subjects
import Subprocess

/// Runs the same commands with this program and with another one, and compares what they take.
///
/// The programs take turns, in the order A B B A, so a machine that gets slower or faster meanwhile favours neither.
/// Each has a cache of its own. The first run of each command fills it and does not count.
public struct ComparisonRun: Sendable {
  /// What to run, and how often.
  public struct Plan: Hashable, Sendable {
    /// The paging modes, in order.
    public var modes: [PagingMode]
    /// The number of pairs of runs of each command.
    public var pairs: Int
    /// Whether to leave standard depth out.
    public var isQuick: Bool

    public init(modes: [PagingMode], pairs: Int, isQuick: Bool) {
      self.modes = modes
      self.pairs = pairs
      self.isQuick = isQuick
    }
  }

  /// One of the two programs, with a folder for what it keeps.
  private struct Program: Sendable {
    var path: String
    var cache: String
  }

  /// The runs of a command that count.
  private struct Runs: Sendable {
    var this: [TimedRun] = []
    var base: [TimedRun] = []
  }

  /// The resolution of the clock that measures processor time, in seconds. No run takes less.
  private static let leastTime = 0.000_001

  private let files: ProgramFiles
  private let other: OtherProgram
  private let progress: RunProgress
  private let stop: StopSignal
  private let tools = Tools(searchPath: nil)

  public init(
    files: ProgramFiles, other: OtherProgram, progress: RunProgress = RunProgress(),
    stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.other = other
    self.progress = progress
    self.stop = stop
  }

  /// Runs the commands of a plan. Throws if a program does not do its work, because then there is nothing to compare.
  public func comparison(_ plan: Plan) async throws(Failure) -> BenchComparison {
    let folder = try TemporaryFolder()
    let reference = try InputFile.read(files.reference, regularOnly: true)
    let wrong = try WrongText.made(of: String(decoding: reference, as: UTF8.self))
    try VersionedFolder.write(Array(wrong.utf8), to: "\(folder.path)/\(WrongText.name)")
    let this = Program(path: files.program, cache: "\(folder.path)/this")
    let base = Program(path: other.path, cache: "\(folder.path)/base")
    var comparison = BenchComparison(program: other.path, version: other.version, figures: [])
    for command in TimedCommand.all(plan) {
      let runs = try await runs(of: command, this, base, pairs: plan.pairs, in: folder.path)
      comparison.figures += try figures(of: command, runs)
    }
    return comparison
  }

  private func runs(
    of command: TimedCommand, _ this: Program, _ base: Program, pairs: Int, in folder: String
  ) async throws(Failure) -> Runs {
    progress.step("filling caches: mhpcheck \(command.text)")
    _ = try await run(command, with: this, in: folder)
    _ = try await run(command, with: base, in: folder)
    var runs = Runs()
    for pair in 0..<pairs {
      progress.step("pair \(pair + 1) of \(pairs): mhpcheck \(command.text)")
      if pair.isMultiple(of: 2) {
        runs.this.append(try await run(command, with: this, in: folder))
        runs.base.append(try await run(command, with: base, in: folder))
      } else {
        runs.base.append(try await run(command, with: base, in: folder))
        runs.this.append(try await run(command, with: this, in: folder))
      }
    }
    return runs
  }

  private func run(
    _ command: TimedCommand, with program: Program, in folder: String
  ) async throws(Failure) -> TimedRun {
    let before = ChildTime.now
    let start = ContinuousClock.now
    let outcome = try await tools.run(
      program.path, command.arguments, folder: folder,
      additions: ["XDG_CACHE_HOME": program.cache, "MHPCHECK_NO_PROGRESS": "1"], limit: 16 << 20)
    let wall = (ContinuousClock.now - start) / .seconds(1)
    let processor = ChildTime.now - before
    // An interruption ends the command, too, with a status that says nothing about the program.
    guard !stop.isSet else { throw Failure(.incomplete, "the run was stopped") }
    guard outcome.status == .exited(command.status.rawValue) else {
      let said = Tools.firstLine(of: "\(outcome.errors)\n\(outcome.text)")
      throw Failure(
        .incomplete, "\(program.path) does not do what it should: \(command.text): \(said)")
    }
    return TimedRun(
      processor: max(processor, Self.leastTime), wall: max(wall, Self.leastTime),
      output: outcome.output)
  }

  private func figures(
    of command: TimedCommand, _ runs: Runs
  ) throws(Failure) -> [BenchComparison.Figure] {
    guard command.isBench else {
      return [
        .init(
          what: command.text, kind: .processor, this: runs.this.map(\.processor),
          base: runs.base.map(\.processor)),
        .init(
          what: command.text, kind: .wall, this: runs.this.map(\.wall),
          base: runs.base.map(\.wall)),
      ]
    }
    return PrintedFigures.figures(
      this: try printed(by: files.program, runs.this),
      base: try printed(by: other.path, runs.base))
  }

  private func printed(
    by program: String, _ runs: [TimedRun]
  ) throws(Failure) -> [PrintedFigures] {
    let printed = runs.compactMap { PrintedFigures($0.output) }
    guard printed.count == runs.count else {
      throw Failure(.incomplete, "the figures that \(program) prints cannot be read")
    }
    return printed
  }
}
