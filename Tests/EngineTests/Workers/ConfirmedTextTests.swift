// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Lab
@testable import Subjects
@testable import Worker

extension MachineTests {
  /// Compares C texts, in the model's place, with recordings of Debian's kernels.
  @Suite("A text in place of the model of a running kernel")
  struct ConfirmedTextTests {
    private static let root = Repository.root

    /// A deliberate mistake: lines of the reference, and their replacement.
    struct Mistake: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var line: String
      var wrong: String
      /// A recording that must show the mistake.
      var shownBy: String
    }

    private static let mistakes: [Mistake] = [
      Mistake(
        testDescription: "a leaf size: 1 GiB in PMD leaves", line: "\t\treturn PUD_SIZE;\n",
        wrong: "\t\treturn PMD_SIZE;\n", shownBy: "6.12-linear-one-gib@sv57"),
      Mistake(
        testDescription: "an index: a PMD entry by the bits of a PTE",
        line: "pmd_t *entry = &pmdp[pmd_index(va)];",
        wrong: "pmd_t *entry = &pmdp[pte_index(va)];", shownBy: "6.12-linear-gib-and-a-half@sv48"),
      Mistake(
        testDescription: "an order: a PMD table is to be freed before it is empty",
        line: "\t\tremove_pmd_mapping(below, addr, next, is_vmemmap, altmap);\n",
        wrong: "\t\tif (pgtable_l4_enabled)\n\t\t\tfree_pmd_table(below, entry, is_vmemmap);\n"
          + "\t\tremove_pmd_mapping(below, addr, next, is_vmemmap, altmap);\n\t\tcontinue;\n",
        shownBy: "6.12-linear-gib-and-a-half@sv48"),
      Mistake(
        testDescription: "an order: the linear map goes before the pages",
        line: "\t__remove_pages(PHYS_PFN(start), PHYS_PFN(size), altmap, pgmap);\n"
          + "\tremove_linear_mapping(start, size);\n",
        wrong: "\tremove_linear_mapping(start, size);\n"
          + "\t__remove_pages(PHYS_PFN(start), PHYS_PFN(size), altmap, pgmap);\n",
        shownBy: "6.12-linear-gib-and-a-half@sv48"),
      Mistake(
        testDescription: "a flush less",
        line: "\tremove_linear_mapping(start, size);\n\tflush_tlb_all();\n",
        wrong: "\tremove_linear_mapping(start, size);\n", shownBy: "6.12-memmap-in-the-device@sv48"),
    ]

    private static func reference() throws -> String {
      let file = root.appending(path: "CKernelShim/subject/reference.inc")
      var lines: [Substring] = []
      var isInGlue = false
      for line in try String(contentsOf: file, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
      {
        let isGlue = isInGlue || line.hasPrefix("#define MHP_")
        isInGlue = isGlue && line.hasSuffix("\\")
        if !isGlue { lines.append(line) }
      }
      return lines.joined(separator: "\n")
    }

    /// Compiles a text and judges recordings with the text in the model's place.
    private static func judge(
      _ text: String, _ names: [String]
    ) async throws -> [ConfirmedCase] {
      let folder = try PrivateFolder()
      let file = try folder.write("init.c", text)
      let stubs = root.appending(path: "CKernelShim/stubs").path
      let extraction = try Extraction.extract(
        from: await SubjectReader().read(.file(path: file)), stubs: stubs)
      let object = try await SubjectCompiler(stubs: stubs)
        .compile(extraction, indexBits: 9, into: folder.path)
      let side = try SubjectSide(path: object)
      return try names.map { name in
        let file = root.appending(path: "Tests/Fixtures/recordings/\(name).json")
        let recording = try JSONDecoder().decode(
          KernelRecording.self, from: try Data(contentsOf: file))
        return CaseJudge.judge(recording) { image in
          var part = image
          return (1...max(1, image.operations.count)).map { count in
            part.operations = Array(image.operations.prefix(count))
            return side.observe(part)
          }
        }
      }
    }

    @Test("agrees with the kernels if it is the reference")
    func reference() async throws {
      let names = Set(Self.mistakes.map(\.shownBy)).sorted()
      for judged in try await Self.judge(try Self.reference(), names) {
        #expect(judged.status == .agrees, "\(judged.confirmCase.id): \(judged.disagreements)")
      }
    }

    @Test("is caught if it is wrong in", arguments: mistakes)
    func wrong(mistake: Mistake) async throws {
      let text = try Self.reference()
      #expect(text.ranges(of: mistake.line).count == 1, "the line to be wrong is there once")
      let judged = try #require(
        try await Self.judge(
          text.replacing(mistake.line, with: mistake.wrong), [mistake.shownBy]
        ).first)
      #expect(judged.status == .disagrees)
      #expect(!judged.disagreements.isEmpty)
    }
  }
}
