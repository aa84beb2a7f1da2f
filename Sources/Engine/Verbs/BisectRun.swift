// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Finds the commit that changed a subject's behaviour; git bisects the remaining commits.
public struct BisectRun: Sendable {
  let files: ProgramFiles
  let progress: RunProgress
  let stop: StopSignal

  public init(
    files: ProgramFiles, progress: RunProgress = RunProgress(), stop: StopSignal = StopSignal()
  ) {
    self.files = files
    self.progress = progress
    self.stop = stop
  }

  /// The result of a search.
  private struct Found {
    /// Full hashes, oldest first.
    var suspects: [String]
    /// The case that shows that the last suspect is bad.
    var shownBy: CaseReference?
  }

  public func report(_ request: BisectRequest) async throws(Failure) -> BisectReport {
    let start = ContinuousClock.now
    progress.step("reading the history of \(request.repository)")
    var history = try await history(request)
    try checkRelation(history, request)
    var trial = BisectTrial(files: files, request: request, progress: progress, stop: stop)
    try await trial.begin(history.good)
    var skipped: [(hash: String, reason: String)] = []
    var outcome: BisectReport.Outcome?
    switch try await trial.judge(history.bad) {
    case .skipped(let reason): throw Failure(.unreadable, reason)
    case .good:
      let isSame = try await trial.isSameText(history.bad, as: history.good)
      outcome = .alike(isSameText: isSame)
    case .bad(let shownBy):
      var found = try await search(history, shownBy, request, &trial, &skipped)
      if !request.firstParent, try await isOfAnotherBranch(found, &trial) {
        // The commit forked off before the good revision. Its merge made the change, so search for the merge.
        var onTrunk = request
        onTrunk.firstParent = true
        history = try await self.history(onTrunk)
        found = try await search(history, shownBy, onTrunk, &trial, &skipped)
      }
      outcome = try await self.outcome(found, history, request)
    }
    let messages = try await messages(skipped.map(\.hash), request)
    return BisectReport(
      tool: Version.text, repository: request.repository, good: (request.good, history.good),
      bad: (request.bad, history.bad), modes: request.modes.map(\.name),
      depth: request.depth.rawValue, commits: history.commits.count, runs: trial.runs,
      known: trial.known,
      skipped: zip(messages, skipped).map { .init(commit: $0, reason: $1.reason) },
      seconds: (ContinuousClock.now - start) / .seconds(1),
      outcome: outcome ?? .alike(isSameText: false))
  }

  private func history(
    _ request: BisectRequest
  ) async throws(Failure) -> GitHistory {
    return try await GitHistory.read(
      request.repository, good: request.good, bad: request.bad,
      firstParent: request.firstParent)
  }

  private func checkRelation(
    _ history: GitHistory, _ request: BisectRequest
  ) throws(Failure) {
    let (good, bad) = (request.good, request.bad)
    switch history.relation {
    case .forward: return
    case .same:
      throw Failure(
        .usage, "\(good) and \(bad) are the same commit \(history.good.prefix(12))")
    case .backward:
      throw Failure(
        .usage, "\(bad) is older than \(good); --good names the older one: swap the two")
    case .apart(let base):
      let advice =
        base.map { "their last common commit is \($0.prefix(12)): is that one good?" }
        ?? "they have no commit in common"
      throw Failure(
        .usage,
        "\(good) is not an ancestor of \(bad), so no commit between them is the first; \(advice)"
      )
    }
  }

  private func search(
    _ history: GitHistory, _ shownBy: CaseReference?, _ request: BisectRequest,
    _ trial: inout BisectTrial, _ skipped: inout [(hash: String, reason: String)]
  ) async throws(Failure) -> Found {
    guard var bad = history.commits.last else {
      return Found(suspects: [history.bad], shownBy: shownBy)
    }
    var good = [history.good]
    var shownBy = shownBy
    while true {
      let left = try await suspects(after: good, upTo: bad, request)
      let next = left.first { hash in
        hash != bad && !skipped.contains { $0.hash == hash }
      }
      guard let hash = next else {
        return Found(suspects: history.commits.filter(left.contains), shownBy: shownBy)
      }
      progress.step("\(left.count) commits left, testing \(hash.prefix(12))")
      switch try await trial.judge(hash) {
      case .good: good.append(hash)
      case .bad(let reference): (bad, shownBy) = (hash, reference)
      case .skipped(let reason): skipped.append((hash, reason))
      }
    }
  }

  private func suspects(
    after good: [String], upTo bad: String, _ request: BisectRequest
  ) async throws(Failure) -> [String] {
    return try await GitHistory.suspects(
      request.repository, after: good, upTo: bad, firstParent: request.firstParent)
  }

  /// Whether the parent of the only suspect is bad, too, so that the suspect is on another branch.
  private func isOfAnotherBranch(
    _ found: Found, _ trial: inout BisectTrial
  ) async throws(Failure) -> Bool {
    guard let only = found.suspects.first, found.suspects.count == 1,
      case .bad = try await trial.judge("\(only)^")
    else { return false }
    return true
  }

  private func outcome(
    _ found: Found, _ history: GitHistory, _ request: BisectRequest
  ) async throws(Failure) -> BisectReport.Outcome {
    let first = found.suspects.last ?? history.bad
    let check = CheckRun(files: files, progress: progress, stop: stop)
    let before = try await check.report(request.check(history.good))
    let after = try await check.report(request.check(first))
    let compare = CompareRun(files: files, progress: progress, stop: stop)
    let comparison = try await compare.comparison(
      CompareRequest(
        first: request.subject(first), second: request.subject(history.good),
        options: request.options, modes: request.modes, jobs: request.jobs))
    if stop.isSet { throw Failure(.incomplete, "the run was stopped") }
    return .found(
      suspects: try await messages(found.suspects, request),
      change: BisectReport.Change(
        before: before, after: after, comparison: comparison,
        otherCase: comparison.differences.isEmpty
          ? found.shownBy.flatMap { try? CaseResolver().scenario(of: $0) } : nil))
  }

  private func messages(
    _ hashes: [String], _ request: BisectRequest
  ) async throws(Failure) -> [BisectReport.Commit] {
    return try await GitHistory.messages(request.repository, of: hashes).map {
      BisectReport.Commit(hash: $0.hash, title: $0.title, author: $0.author)
    }
  }
}
