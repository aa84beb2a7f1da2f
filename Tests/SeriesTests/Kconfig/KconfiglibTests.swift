// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subjects
import Subprocess
import Testing

@testable import Series

/// Kconfiglib (PyPI) as a witness: the values of every symbol of real configurations, by both.
@Suite("Evaluated as kconfiglib does")
struct KconfiglibTests {
  /// A Python with kconfiglib in a folder of its own; nil, said aloud, where it cannot be had.
  private static let python = Task { () -> String? in
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mhpcheck-kconfiglib-\(UUID().uuidString)").path
    for arguments in [
      ["python3", "-m", "venv", folder],
      ["\(folder)/bin/python", "-m", "pip", "install", "--quiet", "kconfiglib==14.1.0"],
    ] {
      guard let result = try? await run(arguments), result.isSuccess else {
        print("SKIPPED: kconfiglib cannot be had, so nothing witnesses the evaluation of Kconfig")
        return nil
      }
    }
    return "\(folder)/bin/python"
  }

  private static func run(
    _ arguments: [String], folder: String? = nil
  ) async throws -> (isSuccess: Bool, output: String, errors: String) {
    let executable: Executable =
      arguments[0].contains("/") ? .path(.init(arguments[0])) : .name(arguments[0])
    let result = try await Subprocess.run(
      executable, arguments: Arguments(Array(arguments.dropFirst())),
      workingDirectory: folder.map { .init($0) }, output: .string(limit: 16 << 20),
      error: .string(limit: 16 << 20))
    return (result.terminationStatus.isSuccess, result.standardOutput, result.standardError)
  }

  private static let script = """
    import sys, kconfiglib
    config = kconfiglib.Kconfig("Kconfig", warn=False)
    for wish in sys.argv[1:]:
        if wish in config.syms: config.syms[wish].set_value(2)
    for symbol in config.unique_defined_syms:
        if symbol.orig_type in (kconfiglib.BOOL, kconfiglib.TRISTATE):
            print(symbol.name, symbol.str_value)
    """

  /// What macros stand for is unknown here, so both read a text in which they stand for n.
  private static func withoutMacros(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.contains("=") && line.contains("$(") && !line.hasPrefix("\t")
        && !line.hasPrefix("config")
        ? "" : String(line).replacing("$(SRCARCH)", with: "riscv")
    }.map { line in
      guard let start = line.firstRange(of: "$(") else { return line }
      let isQuoted = line[..<start.lowerBound].filter { $0 == "\"" }.count % 2 == 1
      return isQuoted ? line : String(line[..<start.lowerBound]) + "n"
    }.joined(separator: "\n")
  }

  @Test(
    "Every symbol of a kernel's configuration has the value that kconfiglib gives it",
    arguments: ["linux-source-6.12", "linux-source-6.1"],
    [
      [], ["MEMORY_HOTPLUG", "MEMORY_HOTREMOVE", "SPARSEMEM_MANUAL", "VIRTIO_MEM", "ZONE_DEVICE"],
      ["ARCH_RV32I", "FLATMEM_MANUAL", "TRANSPARENT_HUGEPAGE", "VIRTIO_BALLOON", "CMA", "EXPERT"],
      ["NONPORTABLE", "XIP_KERNEL", "SPARSEMEM_MANUAL", "MEMORY_HOTPLUG", "ZSWAP"],
    ])
  func real(package: String, wishes: [String]) async throws {
    guard let python = await Self.python.value else { return }
    let text: SubjectText
    do {
      text = try await SeriesReader().read(SeriesReference(argument: "debian:\(package)"))
    } catch {
      print("SKIPPED: \(package) cannot be had: \(error)")
      return
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mhpcheck-kconfig-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var files: [SourceFile] = []
    for file in text.files where file.path.contains("/Kconfig") {
      let lines = file.lines.map(\.text).joined(separator: "\n")
      files.append(configuration(Self.withoutMacros(lines), at: file.path))
    }
    let roots = ["arch/riscv/Kconfig", "mm/Kconfig", "drivers/virtio/Kconfig"]
    files.append(
      configuration(
        "config MODULES\n\tbool \"modules\"\n\tdefault y\n\toption modules\n"
          + "config HAS_IOMEM\n\tdef_bool y\nconfig HAS_DMA\n\tdef_bool y\n"
          + "config EXCLUSIVE_SYSTEM_RAM\n\tdef_bool y\nconfig PCI\n\ttristate \"pci\"\n\tdefault m\n"
          + roots.map { "source \"\($0)\"\n" }.joined()))
    let known = Set(files.map(\.path))
    for file in files {
      // The files that this one sources have to be there, empty where they are not.
      var sourced = file.lines.compactMap { line -> String? in
        let words = line.text.split(separator: "\"")
        return words.count > 1 && words[0].hasSuffix("source ") ? String(words[1]) : nil
      }.filter { !known.contains($0) }.map { ($0, "") }
      sourced.append((file.path, file.lines.map(\.text).joined(separator: "\n") + "\n"))
      for (path, contents) in sourced {
        let url = URL(filePath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contents.utf8).write(to: url)
      }
    }
    let result = try await Self.run([python, "-c", Self.script] + wishes, folder: folder)
    try #require(result.isSuccess, "\(result.errors)")
    let model = try KconfigReader.model(of: ["Kconfig"], in: files)
    let evaluator = KconfigEvaluator(
      model, wishes: Dictionary(uniqueKeysWithValues: wishes.map { ($0, Tristate.yes) }))
    var count = 0
    for line in result.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      let value = try evaluator.value(of: String(words[0])).letter
      #expect(value == words[1], "\(words[0])")
      count += 1
    }
    #expect(count > 200, "only \(count) symbols were compared")
  }

  private static let manyScript = """
    import sys, kconfiglib
    for folder in sys.argv[1:]:
        config = kconfiglib.Kconfig(folder + "/Kconfig", warn=False)
        for line in open(folder + "/wishes"):
            name, value = line.split()
            config.syms[name].set_value(int(value))
        for symbol in config.unique_defined_syms:
            print(folder, symbol.name, symbol.str_value)
    """

  @Test("Every symbol of made-up configurations has the value that kconfiglib gives it")
  func random() async throws {
    guard let python = await Self.python.value else { return }
    let root = FileManager.default.temporaryDirectory
      .appending(path: "mhpcheck-kconfig-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    var evaluators: [String: KconfigEvaluator] = [:]
    for seed in 1...150 {
      let made = RandomConfiguration(seed: UInt64(seed))
      let folder = "\(root)/\(seed)"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Data(made.text.utf8).write(to: URL(filePath: "\(folder)/Kconfig"))
      let wishes = made.wishes.map { "\($0.name) \($0.value)\n" }.joined()
      try Data(wishes.utf8).write(to: URL(filePath: "\(folder)/wishes"))
      let model = try KconfigReader.model(of: ["Kconfig"], in: [configuration(made.text)])
      evaluators[folder] = KconfigEvaluator(
        model,
        wishes: Dictionary(
          made.wishes.map { ($0.name, Tristate(rawValue: UInt8($0.value)) ?? .no) },
          uniquingKeysWith: { _, last in last }))
    }
    let result = try await Self.run([python, "-c", Self.manyScript] + evaluators.keys.sorted())
    try #require(result.isSuccess, "\(result.errors)")
    var values: [String: Int] = [:]
    for line in result.output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let value = try evaluators[words[0]]?.value(of: words[1]).letter
      #expect(value == words[2], "\(line)")
      values[words[2], default: 0] += 1
    }
    // Each value is met often enough for the comparison to say something.
    #expect(["y", "m", "n"].allSatisfy { values[$0] ?? 0 > 100 }, "\(values)")
  }
}
