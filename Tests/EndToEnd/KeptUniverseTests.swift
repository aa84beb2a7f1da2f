// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// What a run keeps of a text must never change what a later run says of another one.
@Suite("What is kept of universes", .timeLimit(.minutes(30)))
struct KeptUniverseTests {
  /// A report without its times, and the number of universes in it that were kept.
  private struct Answer {
    var report: [String: JSON]
    var kept = 0

    init(_ output: String) throws {
      let text = output.replacing(/, [0-9.]+ s\)/, with: ")")
      let json = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
      report = try #require(json.object)
      report["seconds"] = nil
      var bare: [JSON] = []
      for universe in try #require(report["universes"]?.array) {
        var members = try #require(universe.object)
        if members.removeValue(forKey: "kept") != nil { kept += 1 }
        bare.append(.object(members))
      }
      report["universes"] = .array(bare)
    }
  }

  private let folder: PrivateFolder

  init() throws { folder = try PrivateFolder() }

  /// Checks a text on the universes of one mode.
  private func check(_ text: String, _ options: String...) async throws -> Answer {
    let file = try folder.write("init.c", text)
    let outcome = try await Program.run(
      [
        "check", file, "--mode", "sv39", "--only", "universes", "--no-shrink", "--no-coverage",
        "--quiet", "--json", "-",
      ] + options,
      environment: ["MHPCHECK_CACHE": folder.file("cache"), "MHPCHECK_KEEP_NOTHING": ""])
    try #require(outcome.status == 0 || outcome.status == 1, "\(outcome.testDescription)")
    return try Answer(outcome.output)
  }

  /// Fifty edits of the reference from all over the fixtures, in five parts.
  private static let edits: [[EditFile]] = {
    let all = VariantFiles.all(.faithful) + VariantFiles.all(.wrong)
    let some = (0..<50).map { all[$0 * all.count / 50] }
    return (0..<5).map { part in some.enumerated().filter { $0.offset % 5 == part }.map(\.element) }
  }()

  private static let isWhole =
    ProcessInfo.processInfo.environment["MHPCHECK_FIFTY_EDITS"] != nil

  @Test(
    "changes no report of fifty edits, each after all those before it (ten; all with MHPCHECK_FIFTY_EDITS set)",
    arguments: isWhole ? 0..<5 : 0..<1)
  func edits(part: Int) async throws {
    let reference = try VariantFiles.reference()
    let first = try await check(reference)
    #expect(first.kept == 0)
    let second = try await check(reference)
    #expect(second.report == first.report)
    let all = try #require(second.report["universes"]?.array?.count)
    #expect(second.kept == all && all > 15)
    var kept = 0
    for edit in Self.edits[part] {
      let text = try edit.applied(to: reference)
      let fast = try await check(text)
      let fresh = try await check(text, "--fresh")
      #expect(fast.report == fresh.report, "\(edit.testDescription)")
      #expect(fresh.kept == 0, "\(edit.testDescription)")
      kept += fast.kept
    }
    // An edit of a function leaves those alone that do not call it.
    #expect(kept > all)
  }

  /// What the functions that create do to the machine: from then on it flushes by itself whenever a call returns. The
  /// places are those of `struct mhp_machine`, from `max_low_pfn` on.
  private static let poison = """
    static void tells(void *machine, u64 first, u64 second)
    {
    \tu64 *words = (u64 *)&max_low_pfn;

    \t((void (*)(void *, u32, u64, u64))words[60])(machine, 0, 0, 0);
    \t((void (*)(void *, u64, u64))words[65])(machine, first, second);
    }

    static void poisons(void)
    {
    \tu64 *words = (u64 *)&max_low_pfn;

    \tif (words[67] == (u64)tells)
    \t\treturn;
    \twords[65] = words[67];
    \twords[67] = (u64)tells;
    }


    """

  /// A text with the poison.
  private func poisoned(_ text: String) throws -> String {
    let header = "static void __meminit create_linear_mapping_range("
    let loop = "\tfor (pa = start; pa < end; pa += size) {\n"
    for place in [header, loop] { try #require(text.ranges(of: place).count == 1) }
    return text.replacing(header, with: Self.poison + header)
      .replacing(loop, with: "\tpoisons();\n" + loop)
  }

  @Test("of a text that makes its wrong function look right helps no other text with that function")
  func poisoning() async throws {
    let edit = try VariantFiles.read(.wrong, name: "35-no-flush-after-removal")
    let reference = try VariantFiles.reference()
    let wrong = try edit.applied(to: reference)
    for text in [try poisoned(wrong), try poisoned(reference)] { _ = try await check(text) }
    let fast = try await check(wrong)
    let fresh = try await check(wrong, "--fresh")
    #expect(fast.report["verdict"]?.string == "differs")
    #expect(fast.report == fresh.report)
    let right = try await check(reference)
    #expect(right.report["verdict"]?.string == "conforms")
    #expect(try await check(reference, "--fresh").report == right.report)
  }

  @Test("is nothing after a run with --fresh, and the report says what was kept")
  func said() async throws {
    let file = try folder.write("init.c", try VariantFiles.reference())
    func run(_ options: String...) async throws -> String {
      let outcome = try await Program.run(
        ["check", file, "--mode", "sv39", "--only", "universes", "--no-coverage"] + options,
        environment: ["MHPCHECK_CACHE": folder.file("cache"), "MHPCHECK_KEEP_NOTHING": ""])
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      return outcome.words
    }
    let clause = "universes are kept from an earlier run of the same machine code"
    #expect(try await !run("--fresh").contains(clause))
    #expect(try await !run().contains(clause))
    #expect(try await run().contains(clause))
    #expect(try await !run("--fresh").contains(clause))
  }
}
