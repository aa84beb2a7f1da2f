// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The interface that scripts may rely on: output, exit statuses, working directory, configuration.
@Suite("The command line")
struct CommandLineTests {
  private static let oneMode = ["--mode", "sv39", "--depth", "smoke"]

  @Test("--quiet prints only the verdict, in one line; without it, the program prints more")
  func quiet() async throws {
    let quiet = try await Program.run(["check", "builtin", "--quiet"] + Self.oneMode)
    #expect(quiet.status == 0)
    #expect(quiet.errors.isEmpty, "\(quiet.errors)")
    let lines = quiet.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines[0].hasPrefix("conforms") && lines[1].isEmpty)
    let full = try await Program.run(["check", "builtin", "--verbose"] + Self.oneMode)
    #expect(full.status == 0)
    #expect(full.errors.isEmpty, "\(full.errors)")
    let words = Set(full.output.split { $0 == " " || $0 == "\n" }.map(String.init))
    #expect(words.isSuperset(of: archNames))
  }

  @Test("--quiet prints one line for a subject that differs, too")
  func quietDifference() async throws {
    let outcome = try await Program.run(
      ["check", "-", "--quiet"] + Self.oneMode, input: Array(try Self.wrongPatch().utf8))
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(outcome.output.count { $0 == "\n" } == 1)
    #expect(outcome.output.hasPrefix("differs") && outcome.output.contains("vmemmap_free"))
  }

  /// The reference as a series of patches, with a vmemmap_free that passes no altmap on.
  private static func wrongPatch() throws -> String {
    let text = try DefectPatch.reference()
    let right = "+\tremove_pgd_mapping(start, end, true, altmap);"
    try #require(text.ranges(of: right).count == 1)
    return text.replacing(right, with: "+\tremove_pgd_mapping(start, end, true, NULL);")
  }

  @Test("`check -` reads a patch from standard input")
  func standardInput() async throws {
    let report = try await CheckReport.of(
      "-", Self.oneMode, input: Array(try DefectPatch.reference().utf8), status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.subject.kind == "patch")
  }

  @Test("No escape sequence reaches a pipe")
  func noEscapesInPipes() async throws {
    let outcome = try await Program.run(["check", "-"], input: Array(try Self.wrongPatch().utf8))
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("vmemmap_free"))
    #expect(!(outcome.output + outcome.errors).utf8.contains(0x1b))
  }

  @Test(
    "The program writes colour to a terminal, but not with NO_COLOR",
    .enabled("script(1) can make a terminal") { await Program.can("script", "--version") })
  func colour() async throws {
    let scratch = try PrivateFolder()
    let program = try VariantProgram.path()
    for (refusal, isColoured) in [("", true), ("1", false)] {
      let command = "'\(program)' check builtin --mode sv39 2>'\(scratch.file("errors"))'"
      let outcome = try await Program.start(
        "script", ["-q", "-e", "-c", command, "/dev/null"],
        environment: ["NO_COLOR": refusal, "SHELL": "/bin/sh", "TERM": "xterm"])
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      #expect(outcome.output.contains("conforms"))
      #expect(outcome.output.utf8.contains(0x1b) == isColoured, "NO_COLOR=\(refusal)")
    }
  }

  @Test("--help lists verbs that exist, and each of them has its own --help")
  func help() async throws {
    let help = try await Program.run(["--help"])
    #expect(help.status == 0)
    #expect(help.errors.isEmpty)
    let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "SUBCOMMANDS:"))
    let verbs = lines[(start + 1)...].prefix { !$0.isEmpty }
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(verbs).isSuperset(of: ["check", "list", "replay"]))
    for verb in verbs {
      let outcome = try await Program.run([verb, "--help"])
      #expect(outcome.status == 0, "\(verb): \(outcome.testDescription)")
      #expect(outcome.words.contains("USAGE: mhpcheck \(verb)"), "\(verb)")
    }
    for verb in ["compare", "mutate", "coverage", "bench", "series", "fleet", "bisect"]
    where !verbs.contains(verb) {
      try await Program.run([verb]).isOneLine(status: 2)
    }
    #expect(!verbs.contains("worker"), "what the program starts itself as is not for people")
  }

  @Test("check --help lists only options that check accepts")
  func checkHelp() async throws {
    let help = try await Program.run(["check", "--help"])
    let words = help.output.split { " \n[],".contains($0) }
    let options = Set(words.filter { $0.hasPrefix("--") }.map(String.init))
    #expect(
      options.isSuperset(of: ["--against", "--mode", "--seed", "--jobs", "--quiet", "--json"]))
    for option in options.subtracting(["--help", "--version"]) {
      // The program complains about a missing value or subject, never about an unknown option.
      let outcome = try await Program.run(["check", option])
      #expect(outcome.status == 2, "\(option): \(outcome.testDescription)")
      #expect(!outcome.errors.contains("Unknown option"), "\(outcome.errors)")
    }
  }

  @Test("--version prints one line with three numbers and the toolchain")
  func version() async throws {
    let outcome = try await Program.run(["--version"])
    #expect(outcome.status == 0)
    #expect(
      outcome.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+ \(Swift [0-9]+\.[0-9]+.*\)\n/) != nil,
      "\(outcome.output)")
  }

  @Test("list names the functions, the fixes and the cases of every mode")
  func list() async throws {
    let functions = try await Program.run(["list", "functions"])
    let lines: [String] = functions.output.split(separator: "\n").map(String.init)
    #expect(Set(lines) == surfaceNames)
    let fixes = try await Program.run(["list", "fixes"])
    let first = try #require(fixes.output.firstRange(of: "21f1b85c8912 "))
    let second = try #require(fixes.output.firstRange(of: "a0188cc13369 "))
    #expect(first.lowerBound < second.lowerBound)
    let cases = try await Program.run(["list", "cases"])
    let names = cases.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(Set(names).count == names.count, "a case's name is its own")
    #expect(Set(names.compactMap { $0.split(separator: "@").last }) == ["sv39", "sv48", "sv57"])
    for outcome in [functions, fixes, cases] { #expect(outcome.status == 0) }
  }

  @Test("Paths of subjects and reports are relative to the working directory")
  func workingDirectory() async throws {
    let scratch = try PrivateFolder()
    try scratch.write("here/init.c", try VariantFiles.reference())
    let report = try await CheckReport.of(
      "init.c", Self.oneMode, folder: scratch.file("here"), status: 0)
    #expect(report.verdict == "conforms")
    let outcome = try await Program.run(
      ["check", "here/init.c", "--json", "report.json"] + Self.oneMode, folder: scratch.path)
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    #expect(FileManager.default.fileExists(atPath: scratch.file("report.json")))
  }

  @Test("-D and -U decide which branch of a condition is compiled")
  func configuration() async throws {
    let right = "\tremove_pgd_mapping(start, end, true, altmap);\n"
    let text = try VariantFiles.reference()
    try #require(text.ranges(of: right).count == 1)
    let branches = """
      #ifdef CONFIG_VENDOR_QUIRK
      \tremove_pgd_mapping(start, end, true, NULL);
      #elif defined(CONFIG_SPARSEMEM_VMEMMAP)
      \(right)#else
      \tremove_pgd_mapping(start, end, false, altmap);
      #endif

      """
    let scratch = try PrivateFolder()
    let file = try scratch.write("init.c", text.replacing(right, with: branches))
    _ = try await CheckReport.of(file, Self.oneMode, status: 0)
    for options in [["-D", "CONFIG_VENDOR_QUIRK"], ["-U", "CONFIG_SPARSEMEM_VMEMMAP"]] {
      let report = try await CheckReport.of(file, Self.oneMode + options, status: 1)
      #expect(report.functions("differs").contains("vmemmap_free"), "\(options)")
    }
  }
}
