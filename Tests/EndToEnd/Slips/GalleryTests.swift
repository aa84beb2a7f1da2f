// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// `docs/use/slips.md`: twelve slips, the first lines of the program's output for each, and the reader's next
/// step. MHPCHECK_UPDATE_SNAPSHOTS=1 writes the file.
@Suite("The gallery of slips", .timeLimit(.minutes(30)))
struct GalleryTests {
  private struct Entry {
    var title: String
    var slip: Slip
    /// The next step of a person who knows the kernel, but not this program.
    var next: String
  }

  private static let entries = [
    Entry(
      title: "A destructor is forgotten",
      slip: Slip("free_pte_table", "\tpagetable_pte_dtor(page_ptdesc(table));\n", ""),
      next: "puts the line of the reference back."),
    Entry(
      title: "A condition is turned",
      slip: Slip("free_pmd_table", "if (!is_vmemmap)", "if (is_vmemmap)"),
      next: "turns the condition back: only tables of the linear map had a constructor."),
    Entry(
      title: "Bytes for pages",
      slip: Slip("free_vmemmap_storage", "size >> PAGE_SHIFT", "size"),
      next: "counts the altmap in pages."),
    Entry(
      title: "An entry is not cleared",
      slip: Slip("remove_pte_mapping", "pte_clear(&init_mm, addr, entry);\n", "\n"),
      next: "clears the entry."),
    Entry(
      title: "A missing continue",
      slip: Slip(
        "remove_pmd_mapping", "\t\t\tcontinue;\n\t\t}\n\n\t\tbelow", "\t\t}\n\n\t\tbelow"),
      next: "puts the continue back: a leaf has no table below it."),
    Entry(
      title: "A bound that ignores the end",
      slip: Slip(
        "remove_pmd_mapping", "next = pmd_addr_end(addr, end);",
        "next = pmd_addr_end(addr, addr + PMD_SIZE);"),
      next: "gives pmd_addr_end() the end of the range."),
    Entry(
      title: "A loop that stays where it is",
      slip: Slip("remove_pmd_mapping", "next = pmd_addr_end(addr, end);", "next = addr;"),
      next: "lets the loop move on."),
    Entry(
      title: "Half of a fix",
      slip: Slip(
        "remove_pud_mapping", "free_pmd_table(below, entry, is_vmemmap)",
        "free_pmd_table(below, entry, false)"),
      next: "passes is_vmemmap on, as 21f1b85c8912 does."),
    Entry(
      title: "An altmap that is dropped on the way",
      slip: Slip(
        "remove_pgd_mapping", "va, next, is_vmemmap, altmap", "va, next, is_vmemmap, NULL"),
      next: "passes the altmap on."),
    Entry(
      title: "A missing flush",
      slip: Slip("remove_pgd_mapping", "\tflush_tlb_all();\n", ""),
      next: "flushes the TLB at the end."),
    Entry(
      title: "Two calls in the wrong order",
      slip: Slip(
        "arch_remove_memory",
        """
        \t__remove_pages(PHYS_PFN(start), PHYS_PFN(size), altmap, pgmap);
        \tremove_linear_mapping(start, size);
        """,
        """
        \tremove_linear_mapping(start, size);
        \t__remove_pages(PHYS_PFN(start), PHYS_PFN(size), altmap, pgmap);
        """),
      next: "removes the pages before their mapping."),
    Entry(
      title: "A range with one end",
      slip: Slip(
        "pgtable_cache_init", "PAGE_OFFSET, PAGE_END", "PAGE_OFFSET, PAGE_OFFSET + 1"),
      next: "preallocates for the whole linear map."),
  ]

  private static let lines = 25
  private static let file = Repository.root.appending(path: "docs/use/slips.md")

  private static let head = """
    # Twelve slips

    Each is one small mistake in mhpcheck's own rendition of the code, `CKernelShim/subject/reference.inc`, saved as
    `init.c`. Below it stand the first \(lines) lines of `mhpcheck check init.c --depth smoke`, the answer in one line and
    without the cases and the time, and what a reader does next who knows the kernel, but not this program. GalleryTests holds this page to the program.

    """

  private func part(_ entry: Entry) async throws -> String {
    let folder = try PrivateFolder()
    let reference = try VariantFiles.reference()
    let text = try entry.slip.applied(to: reference)
    try folder.write("init.c", text)
    let run = try await Program.run(
      ["check", "init.c", "--depth", "smoke", "--no-coverage", "--jobs", "1"], folder: folder.path)
    try #require(run.status == 1, "\(entry.title): \(run.testDescription)")
    // The answer is one line, without the cases and the time, so that a new case leaves the page as it is; the
    // rest is as on a terminal.
    let paragraphs = run.output.split(separator: "\n\n", maxSplits: 1)
    let answer = paragraphs[0].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing(/\s\([0-9]+ cases, [0-9.]+ s\)$/, with: "")
    let rest = paragraphs[1].split(separator: "\n", omittingEmptySubsequences: false)
    let shown = [answer, ""] + rest.prefix(Self.lines - 2).map(String.init)
    return """

      ## \(entry.title)

      In `\(entry.slip.function)`:

      ```
      \(shown.joined(separator: "\n"))
      ```

      The reader \(entry.next)

      """
  }

  @Test("shows the program's output for each slip, which names its line") func page() async throws {
    var page = Self.head
    for entry in Self.entries {
      let part = try await part(entry)
      let line = "init.c:\(try entry.slip.line())"
      let near = (-1...1).contains { distance in
        part.contains("--> init.c:\((try? entry.slip.line()).map { $0 + distance } ?? 0) ")
      }
      #expect(near, "\(entry.title): not \(line)")
      page += part
    }
    if ProcessInfo.processInfo.environment["MHPCHECK_UPDATE_SNAPSHOTS"] != nil {
      try page.write(to: Self.file, atomically: true, encoding: .utf8)
    }
    let known = try String(contentsOf: Self.file, encoding: .utf8)
    // The shrinker has a time limit, so the sizes of cases depend on the machine.
    func comparable(_ page: String) -> String { page.replacing(/[0-9]+ MiB/, with: "N MiB") }
    #expect(
      comparable(known) == comparable(page),
      "MHPCHECK_UPDATE_SNAPSHOTS=1 writes docs/use/slips.md")
  }
}
