// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

extension CheckRun {
  /// Runs what belongs to a shard, and returns what it found. The catalogue runs whole in every shard and in the merge,
  /// and counts there: it takes a second, and its results decide what all other cases are compared with.
  public func part(
    _ request: CheckRequest, of shard: Shard
  ) async throws(Failure) -> Part {
    let start = ContinuousClock.now
    let program = try await files.digest()
    let folder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
    let subject = try await loader.load(
      request.subject, indexBits: 9, isQuick: request.otherIndexWidths.isEmpty, into: folder.path)
    var campaign = Campaign(
      workshop: SubjectRunners(files: files, subject: subject, jobs: request.jobs, stop: stop),
      request: request, progress: progress, stop: stop, work: .shard(shard))
    let found = try await run(&campaign, on: subject, loader, into: folder.path).found
    guard !stop.isSet else { throw Part.stopped }
    return Part(
      run: PartedRun(request), shard: shard, program: program, text: subject.identity,
      seconds: (ContinuousClock.now - start) / .seconds(1), facts: .check(found.facts))
  }
}

extension LoadedSubject {
  /// The identity of the text and of what the compiler made of it.
  package var identity: Part.Text {
    let object = path.flatMap { FileManager.default.contents(atPath: $0) }
    return Part.Text(sha256: summary.sha256, object: object.map { Fingerprint.of(Array($0)) })
  }
}
