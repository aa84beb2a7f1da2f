// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// A subject that searches its process for the right text and calls that from functions that do nothing.
@Suite("The embedded reference")
struct BorrowedReferenceTests {
  /// A constructor that goes from its caller to the program's ELF header, and then searches all of the
  /// program's mapped memory for a table of entry points that is not the subject's own.
  private static let search = """
    #include <elf.h>
    static const struct mhp_subject *found;
    static int is_reference(const struct mhp_subject *one) {
      int functions = 0;
      for (int bit = 0; bit < MHP_FUNCTIONS; bit++) functions += one->present >> bit & 1;
      return one->abi_version == MHP_ABI_VERSION && one->index_bits == 9 && one->bind && one->call
        && one->present >> MHP_FUNCTIONS == 0 && functions > 30;
    }
    __attribute__((constructor)) static void search(void) {
      const char *image = (const char *)((unsigned long)__builtin_return_address(0) & ~4095UL);
      while (image[0] != 0x7f || image[1] != 'E' || image[2] != 'L' || image[3] != 'F')
        image -= 4096;
      const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
      const Elf64_Phdr *parts = (const Elf64_Phdr *)(image + header->e_phoff);
      unsigned long lowest = -1UL;
      for (int i = 0; i < header->e_phnum; i++)
        if (parts[i].p_type == PT_LOAD && parts[i].p_vaddr < lowest) lowest = parts[i].p_vaddr;
      for (int i = 0; i < header->e_phnum && !found; i++) {
        if (parts[i].p_type != PT_LOAD || !(parts[i].p_flags & PF_R)) continue;
        const char *at = image + (parts[i].p_vaddr - lowest);
        const char *end = at + parts[i].p_filesz - sizeof(*found);
        for (at = (const char *)(((unsigned long)at + 7) & ~7UL); at < end && !found; at += 8)
          if (is_reference((const struct mhp_subject *)at)) found = (const struct mhp_subject *)at;
      }
    }
    """
  private static let call = "if (found) { found->bind(machine); found->call(op); }"

  private static func subject() async throws -> RawSubject {
    try await RawSubject(
      body: call, extra: search, present: "(1ULL << MHP_FUNCTIONS) - 1")
  }

  @Test("can be found and called by a subject in a process that links it")
  func present() async throws {
    // This process links the reference, which shows that the search can find it.
    let subject = try await Self.subject()
    let scenario = try #require(
      Catalogue.scenarios(mode: Architecture.riscv.modes[0]).first {
        $0.id == "remove-pte-mapping/linear-every-page"
      } ?? Catalogue.scenarios(mode: Architecture.riscv.modes[0]).last)
    let image = try scenario.lowered()
    let observed = try SubjectSide(path: subject.path).observe(image)
    #expect(!observed.events.isEmpty)
    #expect(observed.ending.kind == EndingKind.finished.rawValue)
  }

  @Test("does not exist in a worker's process") func absent() async throws {
    let subject = try await Self.subject()
    let cases = (0..<200).map { CaseReference.catalogue(mode: "sv39", index: $0) }
    let results = try await Supervisor(
      program: RawSubject.program, plan: WorkerPlan(subjectPath: subject.path), jobs: 1
    ).check(cases, against: [.latest]).compactMap { $0 }
    #expect(results.count == cases.count)
    #expect(results.contains { $0.comparisons[0].difference != nil })
  }
}
