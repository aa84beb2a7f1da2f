// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("A series from a stranger")
struct SeriesHostileTests {
  /// Each of these tests takes a second; the limit covers the wait for other tests that run the program.
  private static let limit = TimeLimitTrait.Duration.minutes(30)

  /// An almost empty tree, plus files of the test's choice.
  private func tree(_ files: [String: String]) throws -> PrivateFolder {
    let folder = try PrivateFolder()
    try folder.write(KernelSource.mainPath, "int nothing;\n")
    for (path, text) in files { try folder.write(path, text) }
    return folder
  }

  /// A configuration, and words of the message about it.
  struct Configuration: Sendable, CustomTestStringConvertible {
    var text: String
    var words: String

    init(_ text: String, _ words: String) {
      self.text = text
      self.words = words
    }

    var testDescription: String { words }
  }

  private static let parentheses: String =
    "config RISCV\n\tdef_bool " + String(repeating: "(", count: 5000) + "\n"

  static let configurations: [Configuration] = [
    Configuration(String(repeating: "if X\n", count: 5000), "nested deeper"),
    Configuration(parentheses, "nested deeper"),
    Configuration("config \"RISCV\n", "never closed"),
  ]

  @Test(
    "A Kconfig that cannot be read gives one line and exit status 3",
    .timeLimit(limit), arguments: configurations)
  func configuration(configuration: Configuration) async throws {
    let folder = try tree(["arch/riscv/Kconfig": configuration.text])
    try await Program.run(["series", folder.path])
      .isOneLine(status: 3, mentions: [configuration.words, "arch/riscv/Kconfig"])
  }

  private static let loop =
    "config A\n\tdef_bool B\nconfig B\n\tdef_bool A\nconfig RISCV\n\tdef_bool y\n"
    + "\tselect ARCH_ENABLE_MEMORY_HOTPLUG if A\n"

  static let vague: [Configuration] = [
    Configuration(loop, "the text does not show whether"),
    Configuration("source \"arch/riscv/Kconfig\"\n", "has no config RISCV"),
    Configuration("\u{1}\u{2}\u{3} junk\n", "has no config RISCV"),
  ]

  @Test(
    "A Kconfig without a clear statement gives the status unknown",
    .timeLimit(limit), arguments: vague)
  func untold(configuration: Configuration) async throws {
    let folder = try tree(["arch/riscv/Kconfig": configuration.text])
    let row = try await SeriesRows.of(folder.path, status: 1)["f8c2a240556e"]
    #expect(row.word == "unknown" && row.evidence.contains(configuration.words), "\(row)")
  }

  @Test(
    "A huge Kconfig, endlessly growing macros and huge files end soon",
    .timeLimit(limit))
  func huge() async throws {
    let many = (0..<30_000).map { "config A\($0)\n\tbool \"a\"\n\tselect A\(($0 + 1) % 30_000)\n" }
    let folder = try tree([
      "arch/riscv/Kconfig": many.joined() + "config RISCV\n\tdef_bool y\n",
      "mm/Kconfig": "a = $(b)$(b)\nb = $(a)$(a)\nconfig X\n\tdef_bool $(a)\n",
    ])
    let outcome = try await Program.run(["series", folder.path, "-q"])
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let lines = String(repeating: "config B\n", count: 400_000)
    let large = try tree(["arch/riscv/Kconfig": lines])
    try await Program.run(["series", large.path])
      .isOneLine(status: 3, mentions: ["arch/riscv/Kconfig"])
  }

  @Test("Binary files are ignored, and folders of junk are refused", .timeLimit(limit))
  func junk() async throws {
    let folder = try tree([:])
    try folder.write("arch/riscv/Kconfig", [0, 1, 2, 0xff])
    try folder.write("arch/riscv/include/asm/page.h", [0xff, 0xfe, 0])
    let outcome = try await Program.run(["series", folder.path, "-q"])
    #expect([1, 3].contains(outcome.status), "\(outcome.testDescription)")
    let patches = try PrivateFolder()
    try patches.write("0001.patch", [0, 1, 2, 3])
    try await Program.run(["series", patches.path]).isOneLine(status: 3, mentions: ["0001.patch"])
    let links = try PrivateFolder()
    try FileManager.default.createSymbolicLink(
      atPath: links.file("a.patch"), withDestinationPath: "/dev/zero")
    try links.write("series", "a.patch\n")
    try await Program.run(["series", links.path]).isOneLine(status: 3, mentions: ["a.patch"])
  }

  @Test(
    "Definitions that crash, hang or reach for the host are reported, and do no harm",
    .timeLimit(limit))
  func definitions() async throws {
    let asm = "arch/riscv/include/asm/page.h"
    let definitions: [(text: String, words: String)] = [
      (
        "static inline void *pfn_to_kaddr(unsigned long pfn)\n{\n\treturn *(void **)8;\n}\n",
        "nothing"
      ),
      (
        "static inline void *pfn_to_kaddr(unsigned long pfn)\n{\n\tfor (;;)\n\t\tbarrier();\n}\n",
        "nothing"
      ),
      ("#define pfn_to_kaddr(pfn) ((void *)__va(1))\n", "gives 0x"),
      (
        "static inline void *pfn_to_kaddr(unsigned long pfn)\n{\n\tasm(\"ud2\");\n\treturn 0;\n}\n",
        "assembly"
      ),
      ("#define pfn_to_kaddr(pfn) __has_include(\"/etc/passwd\")\n", "refused"),
      (
        "static inline void *pfn_to_kaddr(unsigned long pfn)\n{\n\treturn system(\"id\");\n}\n",
        "does not compile"
      ),
    ]
    for (text, words) in definitions {
      let folder = try tree([asm: text])
      let rows = try await SeriesRows.of(folder.path, status: 1)
      let row = try rows["6e6c5e21b8cb"]
      #expect(row.status == "partial" && row.evidence.contains(words), "\(row)")
    }
  }

  @Test("Wrong usage and unreadable input have different statuses, and failures have JSON")
  func usage() async throws {
    #expect(try await Program.run(["series"]).status == 2)
    #expect(try await Program.run(["series", "builtin"]).status == 3)
    try await Program.run(["series", "/nowhere"]).isOneLine(status: 3, mentions: ["/nowhere"])
    let folder = try tree([:])
    #expect(
      try await Program.run(["series", folder.path, "--base", "/dev/null"]).status == 2)
    let failed = try await Program.run(["series", "/nowhere", "--json", "-"])
    let json = try JSONDecoder().decode(JSON.self, from: Data(failed.output.utf8)).object
    #expect(json?["schema"]?.string == "mhpcheck.series/1" && json?["error"]?.string != nil)
    #expect(json?["commits"]?.array?.isEmpty == true)
  }
}
