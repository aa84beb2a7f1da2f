// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Lab
@testable import Reports

@Suite("A run's list of mutants") struct MutantListTests {
  @Test("counts the first mutant with the same code, whichever of them ran")
  func duplicates() async {
    let queue = MutantQueue([], places: 4) { _, _ in }
    let code = Data([1, 2, 3])
    #expect(await queue.claims(code, for: 2))
    #expect(await !queue.claims(code, for: 0))
    #expect(await queue.claims(Data([4]), for: 1))
    await queue.settle(2, .alive)
    await queue.settle(1, .identical)
    #expect(await queue.allFates() == [.alive, .identical, .duplicate(of: 0), nil])
  }

  @Test("has no result for the duplicates of a mutant that did not finish")
  func unfinished() async {
    let queue = MutantQueue([], places: 2) { _, _ in }
    #expect(await queue.claims(Data([1]), for: 0))
    #expect(await !queue.claims(Data([1]), for: 1))
    #expect(await queue.allFates() == [nil, nil])
  }

  private func report(_ equivalents: Equivalents) async throws -> MutationReport {
    let program = try VariantProgram.path()
    let folder = URL(filePath: program).deletingLastPathComponent()
    let stubs = folder.appending(path: "mhpcheck_CKernelShim.resources/stubs").path
    let reference = folder.appending(path: "mhpcheck_CKernelReference.resources/reference.inc").path
    // A subject of one function, so that the whole list runs soon.
    let subject = try PrivateFolder()
    let text = """
      struct range arch_get_mappable_range(void)
      {
      \treturn (struct range) { .start = __pa(PAGE_OFFSET), .end = __pa(PAGE_END - 1) };
      }
      """
    let file = try subject.write("init.c", text)
    let request = MutateRequest(subject: file, depth: .smoke, jobs: 1)
    return try await MutateRun(
      files: ProgramFiles(program: program, stubs: stubs, reference: reference),
      equivalents: equivalents
    ).report(request)
  }

  @Test("names stale arguments: about mutants that are killed or gone, or about another text")
  func stale() async throws {
    let plain = try await report(Equivalents(texts: []))
    #expect(plain.isComplete && plain.stale.isEmpty)
    let killed = try #require(
      plain.mutants.first { if case .killed = $0.fate { true } else { false } })
    let name = "arch_get_mappable_range"
    let listed = Equivalents(texts: [
      .init(
        subject: "somewhere.c",
        functions: [
          .init(
            name: name, fingerprint: killed.fingerprint,
            mutants: [killed.id: "A.", "\(name)/drop/99": "B."]),
          .init(name: name, fingerprint: "of another text", mutants: ["\(name)/drop/1": "C."]),
        ])
    ])
    let report = try await report(listed)
    #expect(Set(report.stale.map(\.id)) == [killed.id, "\(name)/drop/99"])
    #expect(report.score() == plain.score())
  }
}
