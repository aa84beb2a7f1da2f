// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

extension CheckRun {
  /// An object of a subject, with the cases that ran on it and what is needed to run more.
  struct RunObject: Sendable {
    var subject: LoadedSubject
    var loader: SubjectLoader
    var workshop: SubjectRunners
    var found: Campaign.Outcome
  }

  /// The object to judge: `first`, or one with zeroes in variables that the text does not set, if that one differs from
  /// every upstream state and `first` does not. `first` has a pattern there, which no kernel has: a text can be right
  /// with it, and wrong with zeroes. The second object runs the named cases, and only if the compiler warns of such
  /// variables in the functions `warned`.
  func telling(
    _ first: RunObject, _ warned: [String], _ request: CheckRequest, into folder: String
  ) async throws(Failure) -> RunObject {
    guard !warned.isEmpty, !stop.isSet, let extraction = first.subject.extraction else {
      return first
    }
    let before = FixSearch(findings: first.found.findings, against: request.against)
    guard before.isFaithful else { return first }
    progress.step("running the named cases with other values in variables that nothing sets")
    let filled = try await first.loader.filledWithZero(
      first.subject, extraction, into: folder)
    var subject = filled.subject
    let loader = filled.loader
    subject.summary.warnings.append(
      "a variable may be read before it is set in \(warned.joined(separator: ", ")): the differences are those "
        + "of an object with zeroes in such variables, as kernels have them")
    let workshop = SubjectRunners(files: files, subject: subject, jobs: request.jobs, stop: stop)
    var named = request
    named.means = [.catalogue]
    var campaign = Campaign(workshop: workshop, request: named, progress: progress, stop: stop)
    let second = try await run(&campaign, on: subject, loader, into: folder).found
    let after = FixSearch(findings: second.findings, against: request.against)
    guard !stop.isSet, !after.isFaithful || after.nearest != before.nearest else { return first }
    var found = first.found
    found.cases = second.cases
    found.findings = second.findings
    found.namedCases += second.namedCases
    return RunObject(subject: subject, loader: loader, workshop: workshop, found: found)
  }

  /// The compiler's warnings for the subject's text; an error here does not affect the verdict.
  func warnings(of subject: LoadedSubject, _ loader: SubjectLoader) async -> Warnings {
    guard let extraction = subject.extraction, !stop.isSet else { return Warnings() }
    return (try? await loader.compiler.warnings(of: extraction)) ?? Warnings()
  }
}
