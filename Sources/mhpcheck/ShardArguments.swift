// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Reports

/// The options that divide a run among machines.
struct ShardArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run only the k-th of n shards of the work, every n-th piece of it.", valueName: "k/n"))
  var shard: Shard?

  @Option(
    help: ArgumentHelp(
      "With --shard: write what it finds to this file (- for standard output), for mhpcheck merge.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var part: String?

  mutating func validate() throws {
    if part != nil, shard == nil {
      throw ValidationError("--part goes with --shard K/N, the share of the work to run")
    }
  }

  /// Throws unless a part can be made of these subjects: one that makes no report, and reads no standard input, which
  /// the merge could not read again.
  func check(of subjects: [String], reportsAreAsked: Bool) throws {
    guard part != nil else { return }
    if reportsAreAsked {
      throw ValidationError("a part is no report; mhpcheck merge takes --json and the others")
    }
    if subjects.contains("-") {
      throw ValidationError("a shard cannot read standard input, as merge could not; name a file")
    }
  }

  /// Throws if a shard is to be run without a file for its part.
  func checkPart() throws {
    if shard != nil, part == nil {
      throw ValidationError("--shard goes with --part FILE, which mhpcheck merge takes")
    }
  }

  /// Runs a shard with `work` and writes its part, if that is asked for; returns whether it is. A shard that is stopped
  /// writes nothing.
  ///
  /// - Parameter read: the input files, which the part must not replace.
  func write(
    apartFrom read: [String], show: ShowOptions,
    _ work: (Shard, RunProgress, StopSignal) async throws(Failure) -> Part
  ) async throws(Failure) -> Bool {
    guard let part, let shard else { return false }
    let destination = try Destination(part)
    try Destination.checkApart([destination], read: read)
    let made = try await Output.answer(isQuiet: show.quiet) { progress, stop throws(Failure) in
      try await work(shard, progress, stop)
    } failing: { _ in
    }
    try destination.write(PartFile.text(of: made))
    if part != "-" {
      let line = Output.language.text("part \(shard.name) is in \(SafeText.line(part))")
      try Output.write(line + "\n")
    }
    return true
  }
}

extension Shard: ExpressibleByArgument {
  /// Parses "K/N"; nil for any other form.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number: number, count: count)
  }
}
