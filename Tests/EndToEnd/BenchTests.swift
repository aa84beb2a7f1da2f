// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Checks the output of `mhpcheck bench`, never the speed.
@Suite("mhpcheck bench")
struct BenchTests {
  private static let figures = ["c", "port", "checked", "checkedToC", "portToC"]

  @Test("writes one JSON object with a row for every geometry, mode and large teardown")
  func json() async throws {
    let outcome = try await Program.run(["bench", "--quick", "--json", "-"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.isEmpty, "\(outcome)")
    let json = try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8))
    #expect(json.object?["schema"] == .string("mhpcheck.bench/1"))
    #expect(json.object?["tool"]?.string?.isEmpty == false)
    let rows = try #require(json.object?["rows"]?.array).compactMap(\.object)
    for row in rows {
      for figure in Self.figures + ["cases"] {
        #expect((row[figure]?.number ?? 0) > 0, "\(figure) in \(row)")
      }
    }
    let large = ["linear map, 4 GiB in 4 KiB", "linear map, 64 GiB in 2 MiB"]
    for mode in ["sv39", "sv48", "sv57"] {
      let own = rows.filter { $0["mode"] == .string(mode) }
      #expect(Self.names(own, geometry: 2) == ["universes"], "\(mode)")
      let expected =
        mode == "sv39"
        ? ["catalogue", large[0]] : ["catalogue"] + large + ["vmemmap, 1 GiB in 4 KiB"]
      #expect(Self.names(own, geometry: 512) == Set(expected), "\(mode)")
    }
  }

  @Test("prints a table of the requested modes only")
  func table() async throws {
    let outcome = try await Program.run(["bench", "--quick", "--mode", "sv39"])
    #expect(outcome.status == 0, "\(outcome)")
    let lines = outcome.output.split(separator: "\n").dropFirst()
    #expect(lines.first?.hasPrefix("entries  mode  what") == true, "\(outcome)")
    #expect(lines.count == 4 && lines.dropFirst().allSatisfy { $0.contains("sv39") }, "\(outcome)")
  }

  @Test("refuses an unknown mode, and a file that it cannot write")
  func bad() async throws {
    let unknown = try await Program.run(["bench", "--mode", "sv64"])
    #expect(unknown.status == 2, "\(unknown)")
    let nowhere = try await Program.run(
      ["bench", "--quick", "--mode", "sv39", "--json", "/nowhere/bench.json"])
    nowhere.isOneLine(status: 4, mentions: ["/nowhere/bench.json"])
  }

  @Test("runs beside itself; after one pair of runs nothing can be called slower")
  func itself() async throws {
    let program = try VariantProgram.path()
    let outcome = try await Program.run([
      "bench", "--quick", "--mode", "sv39", "--against", program, "--pairs", "1", "--json", "-",
    ])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.isEmpty, "\(outcome)")
    let json = try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8))
    let comparison = try #require(json.object?["comparison"]?.object)
    #expect(comparison["pairs"] == .number(1))
    let version = try await Program.run(["--version"])
    #expect(comparison["version"]?.string.map { "\($0)\n" } == version.output)
    let figures = try #require(comparison["figures"]?.array).compactMap(\.object)
    let commands = ["check builtin", "check wrong.c"].map { "\($0) --depth smoke --mode sv39" }
    let cases = ["universes", "catalogue", "large teardowns"]
    let expected: [String] = commands.flatMap { [$0, $0] } + cases.flatMap { [$0, $0, $0] }
    #expect(figures.compactMap { $0["what"]?.string } == expected)
    for figure in figures {
      #expect((figure["ratio"]?.number ?? 0) > 0, "\(figure)")
      #expect(figure["this"]?.array?.count == 1 && figure["base"]?.array?.count == 1, "\(figure)")
      #expect(figure["confidence"] == .number(0), "\(figure)")
    }
  }

  @Test("refuses to compare with anything but another build, in one line and at once")
  func noProgram() async throws {
    for (path, words) in [
      ("/nowhere/mhpcheck", "/nowhere/mhpcheck: No such file"), ("/", "/ is not a program"),
      ("/bin/true", "/bin/true is not mhpcheck"),
    ] {
      try await Program.run(["bench", "--against", path]).isOneLine(
        status: 3, mentions: [words, "name another build of mhpcheck"])
    }
    for arguments in [["--pairs", "3"], ["--pairs", "0", "--against", "/bin/true"]] {
      try await Program.run(["bench"] + arguments).isOneLine(status: 2, mentions: ["--pairs"])
    }
  }

  @Test("gives no figures for a program that does not do what it should")
  func broken() async throws {
    let folder = try PrivateFolder()
    let program = try folder.script(
      "mhpcheck", "[ \"$1\" = --version ] && echo 0.1.0 && exit 0; echo broken >&2; exit 3")
    let outcome = try await Program.run([
      "bench", "--quick", "--mode", "sv39", "--against", program, "--pairs", "1",
    ])
    outcome.isOneLine(status: 4, mentions: [program, "check builtin --depth smoke", "broken"])
  }

  private static func names(_ rows: [[String: JSON]], geometry: Double) -> Set<String> {
    Set(rows.filter { $0["geometry"] == .number(geometry) }.compactMap { $0["name"]?.string })
  }
}
