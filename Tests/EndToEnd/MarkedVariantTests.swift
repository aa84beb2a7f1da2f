// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Subjects
@testable import Worker

/// Marks in a text must not change its behaviour, in any spelling.
@Suite("Variants with marks")
struct MarkedVariantTests {
  @Test(
    "A faithful refactoring or another era's spelling behaves the same with and without marks",
    .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.faithful) + VariantFiles.all(.spellings))
  func unchanged(edit: EditFile) async throws {
    try await ProgramThrottle.shared.hold {
      let scratch = try PrivateFolder()
      let subject = try await MarkedSubject(
        edit.applied(to: VariantFiles.reference()), into: scratch)
      let functions = subject.marked.map.functions
      #expect(functions.flatMap(\.unread) == [])
      #expect(functions.allSatisfy { !$0.points.isEmpty })
      #expect(subject.marked.map.compiled.count > 90)
      let answers = try await subject.answers(of: subject.markedPath)
      #expect(answers.count > 1000 && !answers.contains(nil))
      #expect(try await subject.answers(of: subject.path) == answers)
      withExtendedLifetime(scratch) {}
    }
  }

  @Test("A wrong variant gives different answers, so equal answers mean something")
  func different() async throws {
    let (scratch, other) = (try PrivateFolder(), try PrivateFolder())
    let edit = try VariantFiles.read(.wrong, name: "06-pmd-hole-ends-walk")
    let wrong = try await MarkedSubject(
      edit.applied(to: VariantFiles.reference()), into: scratch)
    let right = try await MarkedSubject(
      VariantFiles.reference(), into: other)
    #expect(
      try await wrong.answers(of: wrong.markedPath) != right.answers(of: right.markedPath))
    withExtendedLifetime((scratch, other)) {}
  }
}

/// A subject compiled with marks and without.
private struct MarkedSubject {
  let marked: InstrumentedExtraction
  let markedPath: String
  let path: String

  init(_ text: String, into scratch: PrivateFolder) async throws {
    let stubs = Repository.root.appending(path: "CKernelShim/stubs").path
    let file = try scratch.write("init.c", text)
    let extraction = try Extraction.extract(
      from: await SubjectReader().read(.file(path: file)), stubs: stubs)
    let compiler = SubjectCompiler(stubs: stubs)
    (marked, markedPath) = try await compiler.compileMarked(extraction, into: scratch.path)
    path = try await compiler.compile(extraction, indexBits: 9, into: scratch.path)
  }

  /// The answers of one shared object to the whole catalogue.
  func answers(of path: String) async throws -> [CaseAnswer?] {
    let supervisor = Supervisor(
      program: try VariantProgram.path(), plan: WorkerPlan(subjectPath: path), jobs: 1)
    return try await supervisor.answers(
      to: Architecture.riscv.modes.flatMap { mode in
        Catalogue.scenarios(mode: mode).indices.map {
          .catalogue(mode: mode.name, index: $0)
        }
      })
  }
}
