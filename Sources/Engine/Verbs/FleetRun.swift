// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// A request to `mhpcheck fleet`.
public struct FleetRequest: Sendable {
  /// The SUBJECT arguments.
  public var subjects: [String]
  /// The request for each subject; its own `subject` is ignored.
  public var check: CheckRequest

  /// The same check for many subjects, without the parts that only the report of one subject shows.
  public init(
    subjects: [String], options: SubjectOptions = SubjectOptions(),
    against: UpstreamFixes = .latest, modes: [PagingMode] = Architecture.riscv.modes,
    depth: Depth = .smoke, jobs: Int, seed: UInt64 = 1
  ) {
    self.subjects = subjects
    check = CheckRequest(
      subject: "", options: options, against: against, modes: modes, depth: depth, jobs: jobs,
      seed: seed, showsDifferences: false, measuresCoverage: false)
  }
}

/// Checks many subjects, one after another. An error in one affects only its own row.
public struct FleetRun: Sendable {
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

  /// Throws only for an error in the command line, not for one in a subject.
  public func report(_ request: FleetRequest) async throws(Failure) -> FleetReport {
    let start = ContinuousClock.now
    let facts = try await facts(request)
    return FleetReport(request, facts, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  /// Checks the subjects of a shard.
  public func part(_ request: FleetRequest, of shard: Shard) async throws(Failure) -> Part {
    let start = ContinuousClock.now
    let program = try await files.digest()
    let facts = try await facts(request, of: shard)
    guard !stop.isSet else { throw Part.stopped }
    return Part(
      run: PartedRun(request), shard: shard, program: program, text: nil,
      seconds: (ContinuousClock.now - start) / .seconds(1), facts: .fleet(facts))
  }

  private func facts(
    _ request: FleetRequest, of shard: Shard? = nil
  ) async throws(Failure) -> [FleetFact] {
    var facts: [FleetFact] = []
    for (place, argument) in request.subjects.enumerated() where shard?.has(place) ?? true {
      let turn = "\(place + 1) of \(request.subjects.count)"
      let outcome = try await outcome(argument, request, turn: turn)
      facts.append(FleetFact(place: place, outcome: outcome))
    }
    return facts
  }

  private func outcome(
    _ argument: String, _ request: FleetRequest, turn: String
  ) async throws(Failure) -> FleetRow.Outcome {
    if stop.isSet { return .incomplete("the run was stopped before it") }
    var check = request.check
    check.subject = argument
    var progress = progress
    let step = progress.step
    progress.step = { step("\(turn): \($0)") }
    do throws(Failure) {
      return .judged(
        FleetSubject(
          try await CheckRun(files: files, progress: progress, stop: stop).report(check)))
    } catch {
      switch error.status {
      case .usage: throw error
      case .unreadable where error.isAboutSurface: return .withoutSurface(error.text)
      case .unreadable: return .unreadable(error.text)
      default: return .incomplete(error.text)
      }
    }
  }
}

extension FleetReport {
  init(_ request: FleetRequest, _ facts: [FleetFact], seconds: Double) {
    self.init(
      tool: Version.text, against: request.check.against,
      modes: request.check.modes.map(\.name), depth: request.check.depth.rawValue,
      subjects: facts.map {
        (argument: request.subjects[$0.place], outcome: $0.outcome)
      }, seconds: seconds)
  }

  /// The fleet of which these are the parts. Nothing runs.
  public init(of parts: Parts) throws(Failure) {
    self.init(parts.run.fleet(jobs: 1), try parts.fleet(), seconds: parts.seconds)
  }

  /// The exit status for all subjects. "Incomplete" has precedence over "unreadable", and that over
  /// "differs".
  public var status: ExitStatus {
    let statuses = Set(rows.map(\.exitStatus))
    if statuses.contains(.incomplete) { return .incomplete }
    if statuses.contains(.unreadable) { return .unreadable }
    return statuses == [.conforms] ? .conforms : .differs
  }
}

extension FleetRow {
  /// The exit status for this subject alone.
  fileprivate var exitStatus: ExitStatus {
    switch outcome {
    case .judged(let report):
      switch report.verdict {
      case .conforms: .conforms
      case .missingFixes, .differs: .differs
      case .unbuildable: .unreadable
      case .incomplete: .incomplete
      }
    case .withoutSurface: .differs
    case .unreadable: .unreadable
    case .incomplete: .incomplete
    }
  }
}
