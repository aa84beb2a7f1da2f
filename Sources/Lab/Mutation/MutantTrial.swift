// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import FoundationEssentials
import Machine
import Port
import Subjects
import Worker

/// The outcome for a mutant.
enum MutantFate: Sendable, Hashable {
  case uncompilable
  /// It compiles to the subject's own code.
  case identical
  /// It compiles to the same code as an earlier mutant, named by its place.
  case duplicate(of: Int)
  case killed(by: CaseReference)
  case alive
}

/// Runs mutants of a subject: the cheapest cases first, and no more after a case distinguishes a mutant from
/// the subject.
struct MutantTrial: Sendable {
  let files: ProgramFiles
  let extraction: Extraction
  let compiler: SubjectCompiler
  /// The options of the subject's kernel; its mutants run with the same ones.
  let kernel: KernelOptions
  /// The unmutated subject's shared object for real geometry.
  let object: Data
  let known: Baseline
  let request: MutateRequest
  let stop: StopSignal

  /// A compiled mutant, in a folder that is removed with it.
  struct Compiled: ~Copyable, Sendable {
    let mutated: Extraction
    let folder: TemporaryFolder
    let path: String
    let object: Data
  }

  /// Compiles a mutant for real geometry; nil when it does not compile.
  func compile(_ mutant: Mutant) async throws(Failure) -> Compiled? {
    let folder = try TemporaryFolder()
    let mutated = extraction.edited(mutant.edits)
    guard let path = try? await compiler.compile(mutated, indexBits: 9, into: folder.path),
      let object = FileManager.default.contents(atPath: path)
    else { return nil }
    return Compiled(mutated: mutated, folder: folder, path: path, object: object)
  }

  /// Runs a compiled mutant; nil when the run was stopped.
  func run(
    _ compiled: borrowing Compiled, of mutant: Mutant
  ) async throws(Failure) -> MutantFate? {
    if let case_ = try await depart(
      compiled.path, others: [:], means: [.catalogue, .random], mutant)
    {
      return stop.isSet ? nil : .killed(by: case_)
    }
    let wide = request.check([.universes], jobs: 1)
    guard !stop.isSet, !wide.universes.isEmpty else { return stop.isSet ? nil : .alive }
    var others: [Int: String?] = [:]
    let (path, folder) = (compiled.path, compiled.folder.path)
    for width in wide.otherIndexWidths where width != 9 {
      // A text that compiles for real geometry may not compile for a small one; that says nothing about the
      // kernel.
      guard
        let other = try? await compiler.compile(
          compiled.mutated, indexBits: width, into: folder)
      else { continue }
      others[width] = other
    }
    let case_ = try await depart(path, others: others, means: [.universes], mutant)
    if stop.isSet { return nil }
    return case_.map { .killed(by: $0) } ?? .alive
  }

  /// The first case that distinguishes a shared object from the subject.
  private func depart(
    _ path: String, others: [Int: String?], means: Set<CaseSource>, _ mutant: Mutant
  ) async throws(Failure) -> CaseReference? {
    let workshop = SubjectRunners(
      files: files, path: path, others: others, kernel: kernel, jobs: 1,
      stop: stop, isImpatient: true)
    var known = known
    known.catalogue = known.catalogue.callingFirst(KernelFunction(name: mutant.function))
    let campaign = Campaign(
      workshop: workshop, request: request.check(means, jobs: 1), progress: RunProgress(),
      stop: stop, known: known)
    do throws(ExecutionError) {
      return try await campaign.run().departure
    } catch {
      // A mutant that cannot be loaded differs from a subject that can.
      if error.isSubjectsFault { return known.catalogue.entries.first?.reference }
      throw Failure(error)
    }
  }
}

extension CaseList {
  /// The same cases; those that call the function directly come first.
  fileprivate func callingFirst(_ function: KernelFunction?) -> CaseList {
    guard let function else { return self }
    func calls(_ entry: Entry) -> Bool {
      entry.scenario.operations.contains { $0.function == function }
    }
    return CaseList(entries.filter(calls) + entries.filter { !calls($0) })
  }
}
