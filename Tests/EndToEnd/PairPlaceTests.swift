// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The lines of two subjects at which a comparison says that they part.
@Suite("The lines of a difference between two subjects")
struct PairPlaceTests {
  private struct Comparison: Decodable {
    struct Frame: Decodable {
      var function: String
      var file: String
      var line: Int
    }
    struct Place: Decodable {
      var kind: String
      var basis: String
      var tried: Bool?
      var reference: String?
      var frames: [Frame]
    }
    struct Places: Decodable {
      var first: Place?
      var second: Place?
    }
    struct Difference: Decodable {
      var function: String
      var places: Places?
    }
    var differences: [Difference]
  }

  private let folder: PrivateFolder
  private let reference: String

  init() throws {
    folder = try PrivateFolder()
    reference = try VariantFiles.reference()
    try folder.write("right.c", reference)
  }

  private func compare(_ options: [String]) async throws -> Program.Outcome {
    let outcome = try await Program.run(
      ["compare", "wrong.c", "right.c", "--mode", "sv48"] + options, folder: folder.path)
    try #require(outcome.status == 1, "\(outcome.testDescription)")
    return outcome
  }

  /// The differences between a text and the reference, in a function.
  private func differences(
    of text: String, in function: String
  ) async throws -> [Comparison.Difference] {
    try folder.write("wrong.c", text)
    let outcome = try await compare(["--json", "-"])
    let comparison = try JSONDecoder().decode(
      Comparison.self, from: Data(outcome.output.utf8))
    return comparison.differences.filter { $0.function == function }
  }

  @Test(
    "are that of a slip and the one beside it, on both sides",
    arguments: [
      Slip("free_pmd_table", "if (!is_vmemmap)", "if (is_vmemmap)"),
      Slip("free_vmemmap_storage", "size >> PAGE_SHIFT", "size"),
      Slip(
        "remove_pmd_mapping", "next = pmd_addr_end(addr, end);",
        "next = pmd_addr_end(addr, addr + PMD_SIZE);"),
    ])
  func slip(_ slip: Slip) async throws {
    let line = try slip.line()
    let found = try await differences(of: try slip.applied(to: reference), in: slip.function)
    let places = try #require(found.first?.places, "\(slip)")
    for (known, file) in [(places.first, "wrong.c"), (places.second, "right.c")] {
      let place = try #require(known, "\(slip): \(file)")
      #expect(place.basis == "text" && place.tried == true, "\(slip): \(place)")
      let frame = try #require(place.frames.first)
      #expect(frame.function == slip.function && frame.file.hasSuffix(file), "\(slip): \(frame)")
      #expect(frame.line == line, "\(slip): \(frame)")
    }
  }

  @Test("are the missing statement on one side, and the one that follows it on the other")
  func omission() async throws {
    let slip = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "")
    let found = try await differences(of: try slip.applied(to: reference), in: slip.function)
    let places = try #require(found.first?.places)
    let first = try #require(places.first)
    let second = try #require(places.second)
    #expect(first.kind == "omission" && first.reference == "pmd_clear(pmd);", "\(first)")
    #expect(second.kind == "act" && second.reference == "", "\(second)")
    let gap = try slip.line()
    #expect(first.frames.first?.line == gap, "\(first)")
    let lines = reference.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(second.frames.first?.line)
    #expect(lines[line - 1] == "\tpmd_clear(pmd);", "\(second)")
  }

  @Test("come from the run if two places have to change together")
  func twoPlaces() async throws {
    let first = Slip("free_pte_table", "pagetable_pte_dtor(page_ptdesc(table));\n", "")
    let second = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "")
    let text = try second.applied(to: try first.applied(to: reference))
    let found = try await differences(of: text, in: "free_pte_table")
    let place = try #require(found.first?.places?.first)
    #expect(place.basis == "run" && place.tried == nil && place.reference == nil, "\(place)")
    #expect(place.frames.first?.function == "free_pte_table", "\(place)")
  }

  @Test("are those of the helper that differs, though its caller is named")
  func helper() async throws {
    let start = "static void __meminit free_pte_table("
    let helper = { (body: String) in
      "static void __meminit forget_pmd(pmd_t *pmd)\n{\n\t\(body)\n}\n\n"
    }
    let call = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "\tforget_pmd(pmd);\n")
    let right = try call.applied(to: reference)
    try folder.write("right.c", right.replacing(start, with: helper("pmd_clear(pmd);") + start))
    let wrong = right.replacing(start, with: helper("(void)pmd;") + start)
    let found = try await differences(of: wrong, in: "free_pte_table")
    let place = try #require(found.first?.places?.first)
    #expect(place.basis == "text" && place.tried == true, "\(place)")
    #expect(place.frames.first?.function == "forget_pmd", "\(place)")
  }

  @Test("stand beside each other in every form")
  func forms() async throws {
    let slip = Slip("free_pmd_table", "if (!is_vmemmap)", "if (is_vmemmap)")
    try folder.write("wrong.c", try slip.applied(to: reference))
    let line = try slip.line()
    let outcome = try await compare(["--html", "c.html", "--markdown", "c.md"])
    for words in [
      "By the text, they part here: with B's text in this place, A does what B does.",
      "A: --> wrong.c:\(line) in free_pmd_table", "> \(line) | if (is_vmemmap)",
      "B: --> right.c:\(line) in free_pmd_table", "> \(line) | if (!is_vmemmap)",
    ] {
      #expect(outcome.words.contains(words), "\(words): \(outcome.testDescription)")
    }
    for file in ["c.html", "c.md"] {
      let text = try folder.text(file)
      for place in ["wrong.c:\(line)", "right.c:\(line)"] {
        #expect(text.contains(place), "\(file): \(place)")
      }
    }
    #expect(try folder.text("c.html").contains("-place-b-c\">"))
    let chinese = try await compare(["--language", "zh"])
    #expect(chinese.output.contains("依据文本，两者从此处开始不同"), "\(chinese.testDescription)")
  }
}
