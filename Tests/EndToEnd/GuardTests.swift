// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Functions under a vendor's condition that is off.
@Suite("Conditions that hide functions from the compiler")
struct GuardTests {
  /// A vendor's form of the condition, the words of the report about it, and the options that turn it on.
  struct Guard: Sendable, CustomTestStringConvertible {
    var directive: String
    var words: String
    var options: [String]

    init(_ directive: String, _ words: String, _ options: [String] = []) {
      self.directive = directive
      self.words = words
      self.options = options
    }

    var testDescription: String { directive }
  }

  static let guards: [Guard] = [
    Guard(
      "#ifdef CONFIG_OLK_MEMORY_HOTPLUG",
      "depend on CONFIG_OLK_MEMORY_HOTPLUG, which is false: use -D CONFIG_OLK_MEMORY_HOTPLUG",
      ["-D", "CONFIG_OLK_MEMORY_HOTPLUG"]),
    Guard(
      "#if defined(CONFIG_MEMORY_HOTPLUG) && IS_ENABLED(CONFIG_OLK)",
      "which is false: use -D CONFIG_OLK",
      ["-D", "CONFIG_OLK"]),
    Guard(
      "#if defined CONFIG_A && CONFIG_B", "which is false: use -D CONFIG_A -D CONFIG_B",
      ["-D", "CONFIG_A", "-D", "CONFIG_B"]),
    Guard(
      "#ifndef CONFIG_MEMORY_HOTPLUG\n#else\n#ifndef CONFIG_ZONE_DEVICE", "-U CONFIG_ZONE_DEVICE",
      ["-U", "CONFIG_ZONE_DEVICE"]),
    Guard("#if VENDOR_RELEASE >= 5", "depend on VENDOR_RELEASE >= 5, which is false"),
    Guard("#if 0 || defined(CONFIG_A)", "depend on 0 || defined(CONFIG_A), which is false"),
  ]

  /// The embedded reference with its memory hotplug code under a condition.
  private func subject(_ one: Guard) throws -> PrivateFolder {
    let folder = try PrivateFolder()
    let text = try VariantFiles.reference()
    let start = "#ifdef CONFIG_MEMORY_HOTPLUG\n"
    try #require(text.contains(start), "the reference stands under its condition")
    let ends = String(repeating: "#endif\n", count: one.directive.split(separator: "\n").count / 2)
    try folder.write(
      "init.c", text.replacing(start, with: one.directive + "\n") + ends)
    return folder
  }

  @Test("are named in one line, with the option that turns them on", arguments: guards)
  func named(one: Guard) async throws {
    let folder = try subject(one)
    let arguments = ["check", folder.file("init.c"), "--depth", "smoke", "--no-coverage"]
    try await Program.run(arguments).isOneLine(
      status: 3, mentions: ["free_pte_table ... vmemmap_free", one.words])
    guard !one.options.isEmpty else { return }
    let on = try await Program.run(arguments + one.options)
    #expect(on.status == 0, "\(on.testDescription)")
  }

  @Test(
    "are named by series, too, which does not count hidden functions as missing",
    arguments: guards)
  func series(one: Guard) async throws {
    let folder = try subject(one)
    let rows = try await SeriesRows.of(folder.file("init.c"), status: 1)
    let row = try rows["c75a74f4ba19"]
    #expect(row.word == "unknown" && row.evidence.contains(one.words), "\(rows.text)")
    // The text of the fixes is readable all the same.
    for fix in ["21f1b85c8912", "a0188cc13369"] {
      #expect(try rows[fix].word == "present", "\(rows.text)")
    }
  }

  @Test("around some functions are named if other functions need these")
  func some() async throws {
    let folder = try PrivateFolder()
    let text = try VariantFiles.reference()
    let function = try #require(
      text.firstMatch(of: /static void __meminit free_pte_table(?s:.*?)\n}\n/))
    try folder.write(
      "init.c",
      text.replacing(
        String(function.output), with: "#ifdef CONFIG_VENDOR_FREE\n\(function.output)#endif\n"))
    let arguments = ["check", folder.file("init.c"), "--depth", "smoke", "--no-coverage"]
    try await Program.run(arguments).isOneLine(
      status: 3,
      mentions: ["free_pte_table depends on CONFIG_VENDOR_FREE", "-D CONFIG_VENDOR_FREE"])
    let on = try await Program.run(arguments + ["-D", "CONFIG_VENDOR_FREE"])
    #expect(on.status == 0, "\(on.testDescription)")
  }

  @Test("around an entry point are named in the verdict")
  func entry() async throws {
    let folder = try PrivateFolder()
    let text = try VariantFiles.reference()
    let function = try #require(text.firstMatch(of: /void __ref vmemmap_free(?s:.*?)\n}\n/))
    try folder.write(
      "init.c",
      text.replacing(
        String(function.output), with: "#ifdef CONFIG_VENDOR_FREE\n\(function.output)#endif\n"))
    let outcome = try await Program.run(["check", folder.file("init.c"), "--depth", "smoke"])
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(
      outcome.words.contains(
        "vmemmap_free depends on CONFIG_VENDOR_FREE, which is false: use -D CONFIG_VENDOR_FREE"),
      "\(outcome.testDescription)")
  }
}
