// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Runs divided into shards, by the program as users run it.
@Suite("A run in shards", .timeLimit(.minutes(30)))
struct ShardTests {
  private let folder: PrivateFolder

  init() throws { folder = try PrivateFolder() }

  /// Runs all shards of a run; returns the names of their parts.
  private func shards(_ count: Int, _ arguments: [String]) async throws -> [String] {
    var parts: [String] = []
    for number in 1...count {
      let part = "part-\(number).json"
      let outcome = try await Program.run(
        arguments + ["--shard", "\(number)/\(count)", "--part", part], folder: folder.path)
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      #expect(outcome.output == "part \(number) of \(count) is in \(part)\n")
      #expect(outcome.errors.isEmpty)
      parts.append(part)
    }
    return parts
  }

  private func run(_ arguments: [String]) async throws -> Program.Outcome {
    try await Program.run(arguments, folder: folder.path)
  }

  /// A JSON report without its times, also those within sentences.
  private func report(_ name: String) throws -> String {
    try folder.text(name).replacing(/"seconds" : [0-9.e-]+/, with: "")
      .replacing(/, [0-9.]+ s\)/, with: ")")
  }

  /// Writes the reference with an edit; returns the file's name.
  private func subject(_ kind: EditFile.Kind, _ name: String) throws -> String {
    let edit = try VariantFiles.read(kind, name: name)
    try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
    return "init.c"
  }

  private static let subjects: [(EditFile.Kind, String)?] = [
    nil, (.wrong, "06-pmd-hole-ends-walk"), (.hostile, "process-exit"),
  ]

  @Test(
    "of a check has the report of one run, whether the subject is right, wrong or ends its workers",
    arguments: subjects.indices)
  func check(place: Int) async throws {
    let edit = Self.subjects[place]
    let subject = try edit.map { try self.subject($0.0, $0.1) } ?? "builtin"
    let arguments = ["check", subject, "--mode", "sv39", "--seed", "3"]
    let report = ["--no-shrink", "--json"]
    let whole = try await run(arguments + report + ["whole.json"])
    let parts = try await shards(3, arguments)
    let merged = try await run(["merge"] + Array(parts.reversed()) + report + ["merged.json"])
    #expect(merged.status == whole.status && whole.status == (edit == nil ? 0 : 1))
    #expect(merged.errors == whole.errors)
    #expect(try self.report("merged.json") == self.report("whole.json"))
  }

  @Test("of a check without named cases, and of one at smoke depth, has the report of one run")
  func fewMeans() async throws {
    let subject = try subject(.wrong, "39-max-pfn-on-failure")
    for effort in [["--only", "random", "universes"], ["--depth", "smoke"]] {
      let arguments = ["check", subject, "--mode", "sv48"] + effort
      let report = ["--no-shrink", "--no-coverage", "--quiet", "--json"]
      let whole = try await run(arguments + report + ["whole.json"])
      let parts = try await shards(2, arguments)
      let merged = try await run(["merge"] + parts + report + ["merged.json"])
      #expect(merged.status == whole.status && whole.status == 1, "\(effort)")
      #expect(try self.report("merged.json") == self.report("whole.json"), "\(effort)")
    }
  }

  @Test("of mutants counts each code once, and has the report of one run")
  func mutate() async throws {
    // Small functions: three of their four duplicates have the code of a mutant in another shard, and one survives.
    let arguments = [
      "mutate", "builtin", "--function", "arch_get_mappable_range", "vmemmap_free", "--mode",
      "sv39", "--depth", "smoke",
    ]
    let whole = try await run(arguments + ["--json", "whole.json"])
    let parts = try await shards(3, arguments)
    let merged = try await run(["merge"] + parts + ["--json", "merged.json"])
    #expect(merged.status == whole.status, "\(merged.testDescription)")
    #expect(try report("merged.json") == report("whole.json"))
    let file = try MutationFile(try folder.text("merged.json"))
    #expect(file.complete && file.total > 10 && file.uncounted.duplicates > 0)
    try await run(["merge"] + parts + ["--ktap", "-"])
      .isOneLine(status: 2, mentions: ["mhpcheck mutate"])
  }

  @Test("of a fleet from a list has the report of one run, in every format")
  func fleet() async throws {
    let wrong = try subject(.wrong, "06-pmd-hole-ends-walk")
    try folder.write("empty.c", "int x;\n")
    try folder.write("list", "# trees\n\n  \(wrong)  \nno-such-file.c\nempty.c\n")
    let arguments = ["fleet", "builtin", "--from", "list", "--mode", "sv39"]
    let files = ["--markdown", "--html", "--json"]
    func run(_ verb: [String], _ name: String) async throws -> Program.Outcome {
      try await self.run(verb + files.flatMap { [$0, "\(name).\($0.dropFirst(2))"] })
    }
    let whole = try await run(arguments, "whole")
    let parts = try await shards(2, arguments)
    let merged = try await run(["merge"] + parts, "merged")
    #expect(merged.status == whole.status && whole.status == 3, "\(merged.testDescription)")
    for format in ["json", "markdown", "html"] {
      let time = /[0-9]+\.[0-9]+ s\)/
      let expected = try report("whole.\(format)").replacing(time, with: ")")
      #expect(try report("merged.\(format)").replacing(time, with: ")") == expected, "\(format)")
    }
    let rows = try report("merged.json").ranges(of: "\"label\"").count
    #expect(rows == 4)
  }

  /// The parts of a check at smoke depth.
  private func smoke(_ more: String...) async throws -> [String] {
    try await shards(2, ["check", "builtin", "--mode", "sv39", "--depth", "smoke"] + more)
  }

  @Test("is refused by merge in one line if a part is missing, doubled, cut off or none")
  func badParts() async throws {
    let parts = try await smoke()
    try await run(["merge", parts[0]])
      .isOneLine(status: 3, mentions: ["1 of 2 parts are missing: 2"])
    try await run(["merge"] + parts + [parts[1]])
      .isOneLine(status: 3, mentions: ["are the same part"])
    try folder.write("cut.json", String(try folder.text(parts[1]).dropLast(40)))
    try await run(["merge", parts[0], "cut.json"])
      .isOneLine(status: 3, mentions: ["cut.json is no part"])
    try await run(["merge", parts[0], "none.json"]).isOneLine(status: 3, mentions: ["none.json"])
    try await run(["merge"]).isOneLine(status: 2)
    let forged = try folder.text(parts[1]).replacing(/"program" : "[0-9a-f]{8}/) { match in
      String(match.output.dropLast(8)) + "00000000"
    }
    try folder.write("forged.json", forged)
    try await run(["merge", parts[0], "forged.json"])
      .isOneLine(status: 3, mentions: ["another build"])
  }

  @Test("is refused by merge in one line if a part is of another run, or the text has changed")
  func foreign() async throws {
    let parts = try await smoke()
    let other = try await run([
      "check", "builtin", "--mode", "sv39", "--depth", "smoke", "--seed", "2", "--shard", "2/2",
      "--part", "other.json",
    ])
    #expect(other.status == 0, "\(other.testDescription)")
    try await run(["merge", parts[0], "other.json"])
      .isOneLine(status: 3, mentions: ["another seed"])
    try folder.write("init.c", try VariantFiles.reference())
    let own = try await shards(1, ["check", "init.c", "--mode", "sv39", "--depth", "smoke"])
    let text = try VariantFiles.reference().replacing("flush_tlb_all();", with: "flush_tlb_all( );")
    try folder.write("init.c", text)
    try await run(["merge"] + own).isOneLine(status: 3, mentions: ["not the text"])
    try await run(["merge"] + own + ["--cc", "gcc"]).isOneLine(status: 2, mentions: ["--cc"])
  }

  @Test("runs again in place of an older part, and leaves none when its subject is bad")
  func again() async throws {
    try folder.write("part-1.json", "half of a part")
    let parts = try await smoke()
    #expect(try await run(["merge"] + parts + ["--quiet"]).status == 0)
    try await run(["check", "none.c", "--shard", "1/2", "--part", "bad.json"])
      .isOneLine(status: 3, mentions: ["none.c"])
    #expect(!FileManager.default.fileExists(atPath: folder.file("bad.json")))
  }

  @Test(
    "takes a share and a file together, and no report and no standard input",
    arguments: [
      (["check", "builtin", "--shard", "1/2"], "--part"),
      (["fleet", "builtin", "--shard", "1/2"], "--part"),
      (["check", "builtin", "--part", "p.json"], "--shard"),
      (["check", "builtin", "--shard", "3/2", "--part", "p.json"], "--shard"),
      (["check", "builtin", "--shard", "1/2", "--part", "p.json", "--json", "r.json"], "merge"),
      (["check", "-", "--shard", "1/2", "--part", "p.json"], "standard input"),
      (["mutate", "-", "--shard", "1/2", "--part", "p.json"], "standard input"),
      (["fleet"], "--from"),
    ])
  func usage(arguments: [String], word: String) async throws {
    try await run(arguments).isOneLine(status: 2, mentions: [word])
    #expect(!FileManager.default.fileExists(atPath: folder.file("p.json")))
  }

  @Test("has a script for Slurm of at most twenty lines that runs a shard once")
  func slurm() async throws {
    let script = Repository.url("docs/use/slurm.sh").path
    #expect(try Repository.text("docs/use/slurm.sh").split(separator: "\n").count <= 20)
    try folder.script("bin/mhpcheck", "echo \"$@\"\nfor last; do :; done\necho x > \"$last\"")
    let path = "\(folder.file("bin")):/usr/bin:/bin"
    func task() async throws -> Program.Outcome {
      try await Program.start(
        "/bin/sh", [script, "check", "init.c"],
        environment: ["PATH": path, "SLURM_ARRAY_TASK_ID": "3", "SLURM_CPUS_PER_TASK": "2"],
        folder: folder.path)
    }
    let first = try await task()
    #expect(
      first.output
        == "check init.c --jobs 2 --quiet --shard 3/8 --part parts/3-of-8.json\n")
    let again = try await task()
    #expect(again.status == 0 && again.output.isEmpty, "\(again.testDescription)")
  }
}
