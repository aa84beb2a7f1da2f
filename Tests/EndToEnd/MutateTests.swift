// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@testable import Lab

/// The parts of "mhpcheck.mutation/1" that tests read.
struct MutationFile: Decodable {
  struct Mutant: Decodable {
    var id: String
    var function: String
    var line: Int
    var diff: String
    var reason: String?
  }

  struct Uncounted: Decodable {
    var uncompilable: Int
    var identical: Int
    var duplicates: Int
    var notRun: Int
  }

  struct Stale: Decodable {
    var id: String
  }

  struct Subject: Decodable {
    var sha256: String
  }

  var schema: String
  var subject: Subject
  var complete: Bool
  var total: Int
  var killed: Int
  var survivors: [Mutant]
  var equivalent: [Mutant]
  var uncounted: Uncounted
  var stale: [Stale]

  /// The number of all mutants, counted or not.
  var made: Int {
    total + equivalent.count + uncounted.uncompilable + uncounted.identical + uncounted.duplicates
      + uncounted.notRun
  }

  init(_ text: String) throws {
    self = try JSONDecoder().decode(MutationFile.self, from: Data(text.utf8))
  }
}

@Suite("Mutants of a subject", .timeLimit(.minutes(30)))
struct MutateTests {
  @Test("are all killed if the cases are good, except for those argued to be equivalent")
  func killed() async throws {
    let outcome = try await SuiteScoreTests.share.value
    #expect(outcome.status == 0, "\(outcome)")
    let file = try MutationFile(outcome.output)
    #expect(file.schema == "mhpcheck.mutation/1")
    #expect(file.complete && file.survivors.isEmpty && file.killed == file.total)
    #expect(file.total >= 40)
    let argued = Set(Equivalents.committed.texts.flatMap(\.functions).flatMap(\.mutants.keys))
    #expect(!file.equivalent.isEmpty)
    #expect(argued.isSuperset(of: file.equivalent.map(\.id)))
    #expect(file.equivalent.allSatisfy { ($0.reason?.count ?? 0) > 30 })
    #expect(file.uncounted.uncompilable > 0 && file.uncounted.identical > 0)
    let keys = try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8)).object?.keys
    #expect(
      Set(keys ?? [:].keys).isSuperset(of: [
        "schema", "total", "killed", "survivors", "equivalent",
      ]))
  }

  @Test("that survive are listed with their line and their change, and the status is 1")
  func survivors() async throws {
    // No case frees exactly this many bytes, so no case notices a mutant of the number.
    let folder = try PrivateFolder()
    let reference = try VariantFiles.reference()
    let body = "\tremove_pgd_mapping(start, end, true, altmap);"
    let edited = reference.replacing(
      body, with: "\tif (end - start == 0x123457)\n\t\treturn;\n\(body)")
    #expect(edited != reference)
    let file = try folder.write("init.c", edited)
    let json = folder.file("mutants.json")
    let outcome = try await Program.run([
      "mutate", file, "--function", "vmemmap_free", "--mode", "sv39", "--depth", "smoke", "--json",
      json,
    ])
    #expect(outcome.status == 1, "\(outcome)")
    let data = try #require(FileManager.default.contents(atPath: json))
    let report = try MutationFile(String(decoding: data, as: UTF8.self))
    let survivor = try #require(
      report.survivors.first { $0.id == "vmemmap_free/constant/1/more" })
    let lines = edited.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[survivor.line - 1].contains("0x123457"))
    #expect(survivor.diff.contains("+\tif (end - start == (0x123457 + 1))"))
    #expect(report.killed < report.total && report.killed > 0)
    #expect(outcome.output.contains("vmemmap_free/constant/1/more survives"))
    #expect(outcome.output.contains("\(file):\(survivor.line)"))
  }

  @Test(
    "of an unknown function, shard or depth are wrong usage",
    arguments: [
      (["--function", "no_such_function"], "release_reserved_table"),
      (["--shard", "3/2"], "--shard"),
      (["--shard", "0/2"], "--shard"), (["--shard", "one"], "--shard"),
      (["--depth", "x"], "--depth"),
    ])
  func usage(arguments: [String], word: String) async throws {
    try await Program.run(["mutate", "builtin", "--mode", "sv39"] + arguments)
      .isOneLine(status: 2, mentions: [word])
  }

  @Test("of a subject that does not compile do not exist: one line, and the status is 3")
  func unbuildable() async throws {
    let folder = try PrivateFolder()
    let file = try folder.write(
      "init.c", try VariantFiles.reference().replacing("flush_tlb_all();", with: "flush(tlb);"))
    try await Program.run(["mutate", file]).isOneLine(status: 3, mentions: ["init.c:"])
  }

  @Test("in two shards add up to those of the whole")
  func shards() async throws {
    let arguments = [
      "mutate", "builtin", "--function", "arch_get_mappable_range", "--mode", "sv39", "--depth",
      "smoke", "--json", "-",
    ]
    var made = 0
    for shard in ["1/2", "2/2"] {
      let outcome = try await Program.run(arguments + ["--shard", shard])
      made += try MutationFile(outcome.output).made
    }
    let whole = try await Program.run(arguments)
    #expect(try MutationFile(whole.output).made == made)
    #expect(made > 6)
  }

  @Test("are skipped once the user stops the run, which reports what it knows with status 4")
  func stopped() async throws {
    let folder = try PrivateFolder()
    let temporary = try folder.folder("tmp")
    let json = folder.file("mutants.json")
    let program = try VariantProgram.path()
    let result = try await ProgramThrottle.shared.hold {
      try await Subprocess.run(
        .path(.init(program)), arguments: ["mutate", "builtin", "--json", .init(json)],
        environment: .inherit.updating(["TMPDIR": .some(temporary)]), input: .none,
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20)
      ) { process in
        // Folders of mutants appear and disappear after the run of the subject itself.
        var folders: Set<String> = []
        while folders.count < 4 {
          try await Task.sleep(for: .milliseconds(50))
          folders.formUnion(try FileManager.default.contentsOfDirectory(atPath: temporary))
        }
        try process.send(signal: .interrupt)
      }
    }
    #expect(result.terminationStatus == .exited(4))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    // On a busy machine a compiler may not finish in the one second that the program has to report.
    if let data = FileManager.default.contents(atPath: json) {
      let file = try MutationFile(String(decoding: data, as: UTF8.self))
      #expect(!file.complete && file.uncounted.notRun > 500)
    } else {
      #expect(result.standardError.contains("interrupted; there is no verdict"))
    }
  }
}
