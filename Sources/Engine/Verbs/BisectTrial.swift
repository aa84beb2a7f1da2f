// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Judges whether revisions behave like the good one. Each text runs only once.
struct BisectTrial {
  /// The result for one text.
  enum Finding {
    case good
    /// The text behaves differently in this case; nil where its entry points are not the same.
    case bad(CaseReference?)
    /// The text cannot be read or compiled; the reason.
    case skipped(String)
  }

  /// All data that determine a subject's behaviour.
  private struct Text: Hashable {
    var extracted: String
    var era: UInt32
  }

  private let files: ProgramFiles
  private let request: BisectRequest
  private let progress: RunProgress
  private let stop: StopSignal
  private let loader: SubjectLoader
  /// The results of the good revision.
  private var yardstick: Campaign.Outcome?
  private var findings: [Text: Finding] = [:]
  /// The number of texts that were run.
  private(set) var runs = 0
  /// The number of revisions whose text was already judged.
  private(set) var known = 0

  init(files: ProgramFiles, request: BisectRequest, progress: RunProgress, stop: StopSignal) {
    self.files = files
    self.request = request
    self.progress = progress
    self.stop = stop
    loader = SubjectLoader(files: files, options: request.options, progress: progress.step)
  }

  /// Runs the good revision; throws if it cannot run.
  mutating func begin(_ hash: String) async throws(Failure) {
    let subject = try await loader.extract(request.subject(hash))
    let folder = try TemporaryFolder()
    let loaded = try await compiled(subject, hash, into: folder.path)
    do throws(ExecutionError) {
      yardstick = try await campaign(loaded, hash, known: nil).run()
    } catch {
      throw Failure(error)
    }
    try checkStop()
    if let present = yardstick?.present { try loaded.checkPresent(present) }
    runs += 1
    findings[Self.text(subject)] = .good
  }

  /// Judges whether a revision behaves like the good one.
  mutating func judge(_ hash: String) async throws(Failure) -> Finding {
    let subject: ExtractedSubject
    do throws(Failure) {
      subject = try await loader.extract(request.subject(hash))
    } catch {
      return try Self.skipped(error)
    }
    let text = Self.text(subject)
    if let finding = findings[text] {
      known += 1
      return finding
    }
    let finding: Finding
    do throws(Failure) {
      finding = try await run(subject, hash)
    } catch {
      finding = try Self.skipped(error)
    }
    try checkStop()
    findings[text] = finding
    return finding
  }

  /// Whether the functions of two revisions are the same, letter by letter.
  func isSameText(_ hash: String, as other: String) async throws(Failure) -> Bool {
    let one = try await loader.extract(request.subject(hash))
    let another = try await loader.extract(request.subject(other))
    return Self.text(one) == Self.text(another)
  }

  private mutating func run(
    _ subject: ExtractedSubject, _ hash: String
  ) async throws(Failure) -> Finding {
    guard var outcome = yardstick else { return .good }
    let folder = try TemporaryFolder()
    let loaded = try await compiled(subject, hash, into: folder.path)
    do throws(ExecutionError) {
      var campaign = campaign(loaded, hash, known: nil)
      let present = try await campaign.workshop.real.functions()
      runs += 1
      let (mine, theirs) = (present.filter(\.isEntryPoint), outcome.present.filter(\.isEntryPoint))
      guard Set(mine) == Set(theirs) else { return .bad(nil) }
      // Inner functions may be present by name in only one of the two.
      outcome.present.removeAll { !present.contains($0) }
      let nearest = FixSearch(findings: outcome.findings, against: .latest).nearest
      let known = Baseline(
        outcome, nearest: nearest,
        catalogue: CaseList(catalogueIn: request.modes).restricted(to: outcome.present))
      campaign = self.campaign(loaded, hash, known: known)
      let departure = try await campaign.run().departure
      return departure.map { .bad($0) } ?? .good
    } catch {
      throw Failure(error)
    }
  }

  private func compiled(
    _ subject: ExtractedSubject, _ hash: String, into folder: String
  ) async throws(Failure) -> LoadedSubject {
    try await loader.compiled(
      subject, argument: request.subject(hash), indexBits: 9,
      others: request.check(hash).otherIndexWidths, into: folder)
  }

  private func campaign(
    _ loaded: LoadedSubject, _ hash: String, known: Baseline?
  ) -> Campaign {
    let workshop = SubjectRunners(
      files: files, path: loaded.path, others: loaded.otherPaths, kernel: loaded.kernelOptions,
      jobs: request.jobs, stop: stop, isImpatient: true)
    return Campaign(
      workshop: workshop, request: request.check(hash), progress: progress, stop: stop,
      known: known)
  }

  private func checkStop() throws(Failure) {
    if stop.isSet { throw Failure(.incomplete, "the run was stopped") }
  }

  private static func skipped(_ error: Failure) throws(Failure) -> Finding {
    guard error.status == .unreadable else { throw error }
    return .skipped(error.text)
  }

  private static func text(_ subject: ExtractedSubject) -> Text {
    Text(
      extracted: subject.extraction.extractedText, era: UInt32(subject.extraction.era.rawValue))
  }
}
