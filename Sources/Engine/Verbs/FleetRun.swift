// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// What `mhpcheck fleet` is asked to do, as a value.
public struct FleetRequest: Sendable {
  /// The SUBJECT arguments.
  public var subjects: [String]
  /// What is asked of each; its own subject is left out of account.
  public var check: CheckRequest

  /// Many subjects, checked alike: without a look at earlier failures, and without what only the report
  /// of one subject shows.
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

/// Many subjects, one after another. What befalls one is its own row's business.
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

  /// Runs it. Only what is wrong with the command line, and not with a subject, is thrown.
  public func report(_ request: FleetRequest) async throws(PipelineError) -> FleetReport {
    let start = ContinuousClock.now
    var subjects: [(argument: String, outcome: FleetRow.Outcome)] = []
    for (place, argument) in request.subjects.enumerated() {
      let turn = "\(place + 1) of \(request.subjects.count)"
      subjects.append((argument, try await outcome(argument, request, turn: turn)))
    }
    return FleetReport(
      tool: Version.text, against: request.check.against,
      modes: request.check.modes.map(\.name), depth: request.check.depth.rawValue,
      subjects: subjects, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func outcome(
    _ argument: String, _ request: FleetRequest, turn: String
  ) async throws(PipelineError) -> FleetRow.Outcome {
    if stop.isSet { return .incomplete("the run was stopped before it") }
    var check = request.check
    check.subject = argument
    var progress = progress
    let step = progress.step
    progress.step = { step("\(turn): \($0)") }
    do throws(PipelineError) {
      return .judged(
        try await CheckRun(files: files, progress: progress, stop: stop).report(check))
    } catch {
      switch error.status {
      case .usage: throw error
      case .unreadable where error.isAboutSurface: return .withoutSurface(error.message)
      case .unreadable: return .unreadable(error.message)
      default: return .incomplete(error.message)
      }
    }
  }
}

extension FleetReport {
  /// The exit status: of what befell the subjects, what leaves the most unsaid.
  public var status: ExitStatus {
    let words = Set(rows.map(\.word))
    if words.contains("incomplete") { return .incomplete }
    if words.contains("unbuildable") { return .unreadable }
    return words == ["conforms"] ? .conforms : .differs
  }
}
