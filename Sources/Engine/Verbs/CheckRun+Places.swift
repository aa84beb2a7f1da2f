// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

extension CheckRun {
  /// Differences that are looked at closely: a report shows a dozen causes, each by one of its differences.
  private static let mostPlaced = 64

  /// The differences with the lines of the subject's text at which the sides part.
  func placed(
    _ differences: [ReportedDifference], among found: Campaign.Outcome,
    on extraction: Result<Extraction, Failure>?,
    _ subject: LoadedSubject, _ request: CheckRequest, _ loader: SubjectLoader, into folder: String
  ) async -> [ReportedDifference] {
    guard request.findsPlaces, !differences.isEmpty, !stop.isSet,
      let extraction = try? extraction?.get()
    else { return differences }
    progress.step("looking for the lines")
    let near = Array(differences.prefix(Self.mostPlaced))
    let stage = PlaceStage(
      files: files, kernel: subject.kernelOptions, stop: stop,
      limitMilliseconds: found.limitMilliseconds)
    async let runs = stage.places(
      of: near, among: found.findings, of: found.cases, on: extraction, with: loader.compiler,
      into: folder)
    let hunks = HunkStage(
      files: files, kernel: request.options.kernelOptions, against: request.against,
      compiler: loader.compiler, folder: folder, stop: stop, cases: found)
    let functions = extraction.instrumented().map.functions
    // One job is one worker at a time.
    if request.jobs == 1 { _ = await runs }
    let mendings = await hunks.hunks(of: near, on: extraction)
    var places = await runs
    for (id, mending) in mendings {
      guard let reported = near.first(where: { $0.id == id }),
        let function = functions.first(where: { $0.name == reported.group.cause })
      else { continue }
      places[id] = Place(of: function, mending, from: places[id])
    }
    for reported in near where reported.group.helper == reported.group.cause {
      // A macro has no statements that a run passes.
      guard let (lines, line) = extraction.definition(of: reported.group.cause) else { continue }
      places[reported.id] = Place(of: lines, defining: line)
    }
    return differences.map { reported in
      var placed = reported
      placed.place = places[reported.id]
      return placed
    }
  }
}
