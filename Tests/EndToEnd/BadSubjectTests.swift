// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Subjects that cannot be read, extracted or compiled: one line, exit status 3, no leftovers.
@Suite("A bad subject gives no verdict")
struct BadSubjectTests {
  /// A private folder, with an empty subfolder for the program's temporary files.
  private struct Place {
    let scratch: PrivateFolder
    let temporary: String

    init() throws {
      scratch = try PrivateFolder()
      temporary = try scratch.folder("temporary")
    }

    /// Expects one line that contains `words`, and no leftovers.
    func refuses(
      _ arguments: [String], status: Int = 3, input: [UInt8] = [],
      environment: [String: String] = [:], mentions words: [String],
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let variables = environment.merging(["TMPDIR": temporary]) { own, _ in own }
      let outcome = try await Program.run(
        ["check"] + arguments, input: input, environment: variables)
      outcome.isOneLine(status: status, mentions: words, sourceLocation: sourceLocation)
      let left = try FileManager.default.contentsOfDirectory(atPath: temporary)
      #expect(left.isEmpty, "left behind: \(left)", sourceLocation: sourceLocation)
    }
  }

  @Test("A path that does not exist is refused")
  func missingPath() async throws {
    let place = try Place()
    let path = place.scratch.file("nowhere.c")
    try await place.refuses([path], mentions: [path, "no such file"])
  }

  @Test(
    "An empty file is refused",
    arguments: ["init.c", "x.patch", "x.tar", "x.tar.xz", "noending"])
  func emptyFile(name: String) async throws {
    let place = try Place()
    let path = try place.scratch.write(name, "")
    try await place.refuses([path], mentions: [path])
  }

  @Test(
    "A file of arbitrary bytes is refused",
    arguments: ["init.c", "x.patch", "x.tar", "x.tar.gz", "noending"])
  func binaryFile(name: String) async throws {
    let place = try Place()
    // Every byte value, in an order without a pattern; the file does not start with a magic number.
    let bytes = (0..<40_000).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 31) >> 3 &+ $0) }
    let path = try place.scratch.write(name, bytes)
    try await place.refuses([path], mentions: [path])
  }

  @Test("A folder without init.c is refused")
  func folderWithoutFile() async throws {
    let place = try Place()
    let path = try place.scratch.folder("empty")
    try await place.refuses([path], mentions: [path, "arch/riscv/mm/init.c"])
  }

  @Test("A hundred megabytes of text are refused")
  func hugeFile() async throws {
    let place = try Place()
    let path = try place.scratch.write("big.c", [UInt8](repeating: 0x0a, count: 100 << 20))
    try await place.refuses([path], mentions: [path, "larger"])
  }

  @Test("An unreadable file is refused; root, who can read any file, tries a folder called x.c")
  func unreadableFile() async throws {
    let place = try Place()
    if geteuid() == 0 {
      try await place.refuses([try place.scratch.folder("x.c")], mentions: ["x.c"])
    } else {
      let path = try place.scratch.write("x.c", "int x;\n")
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      try await place.refuses([path], mentions: [path, "permission denied"])
    }
  }

  @Test("A C file without any function of the surface is refused")
  func noSurface() async throws {
    let place = try Place()
    let path = try place.scratch.write("init.c", "int paging_init(void)\n{\n\treturn 0;\n}\n")
    try await place.refuses([path], mentions: [path, "lacks the surface"])
  }

  @Test("Unbalanced braces are refused")
  func unbalancedBraces() async throws {
    let place = try Place()
    let text = try VariantFiles.reference()
    let path = try place.scratch.write(
      "init.c",
      text.replacing("\tflush_tlb_all();\n}\n", with: "\tflush_tlb_all();\n", maxReplacements: 1))
    try await place.refuses([path], mentions: [path + ":"])
  }

  /// Inserts `line` into the reference before the flush that ends remove_pgd_mapping; returns the path and
  /// the line's number.
  private func edited(_ place: Place, _ line: String) throws -> (path: String, line: Int) {
    let text = try VariantFiles.reference()
    let walk = try #require(text.firstRange(of: "remove_p4d_mapping(p4d_offset(root, 0)"))
    let flush = try #require(text[walk.upperBound...].firstRange(of: "\tflush_tlb_all();\n"))
    let number = text[..<flush.lowerBound].count { $0 == "\n" } + 1
    let edited = text[..<flush.lowerBound] + line + "\n" + text[flush.lowerBound...]
    return (try place.scratch.write("init.c", String(edited)), number)
  }

  @Test("An undefined name is reported with its place, its function and advice")
  func unknownIdentifier() async throws {
    let place = try Place()
    let subject = try edited(place, "\tvendor_quirk_flush();")
    try await place.refuses(
      [subject.path],
      mentions: [
        "\(subject.path):\(subject.line)", "vendor_quirk_flush", "remove_pgd_mapping",
        "--include FILE",
      ])
  }

  @Test(
    "Text that reads the host's files or runs the host's instructions is refused",
    arguments: [
      ("#include \"/etc/hostname\"", "include"), ("#embed \"/etc/hostname\"", "embed"),
      ("\tasm volatile(\"nop\");", "inline assembly"),
      ("\t__asm__ __volatile__ (\"sfence.vma\" ::: \"memory\");", "inline assembly"),
    ])
  func refusedConstruct(line: String, word: String) async throws {
    let place = try Place()
    let subject = try edited(place, line)
    try await place.refuses(
      [subject.path], mentions: ["\(subject.path):\(subject.line)", word, "remove_pgd_mapping"])
  }

  @Test("The JSON of a subject that cannot be compiled has the verdict unbuildable and every key")
  func unbuildableJSON() async throws {
    let place = try Place()
    let subject = try edited(place, "\tvendor_quirk_flush();")
    let file = place.scratch.file("report.json")
    try await place.refuses([subject.path, "--json", file], mentions: ["vendor_quirk_flush"])
    let data = try Data(contentsOf: URL(filePath: file))
    let report = try #require(try JSONDecoder().decode(JSON.self, from: data).object)
    #expect(report["verdict"]?.string == "unbuildable")
    #expect(JSON.reportKeys.isSubset(of: report.keys), "\(report.keys.sorted())")
    #expect(report["error"]?.string?.contains("vendor_quirk_flush") == true)
    #expect(report["subject"]?.object?["origin"]?.string == subject.path)
  }

  @Test("A missing compiler is an error", arguments: [true, false])
  func noCompiler(isNamed: Bool) async throws {
    let place = try Place()
    let path = try place.scratch.write("init.c", try VariantFiles.reference())
    if isNamed {
      try await place.refuses([path, "--cc", "/nowhere/cc"], mentions: ["/nowhere/cc"])
    } else {
      let empty = try place.scratch.folder("bin")
      try await place.refuses([path], environment: ["PATH": empty], mentions: ["clang", "PATH"])
    }
  }

  @Test(
    "A full disk during compilation is an error",
    .enabled("mounts are allowed") { await canMount() })
  func fullTemporaryFolder() async throws {
    let place = try Place()
    let path = try place.scratch.write("init.c", try VariantFiles.reference())
    let outcome = try await Self.onFullDisk(
      at: place.temporary, ["check", path], environment: ["TMPDIR": place.temporary], fill: true)
    outcome.isOneLine(status: 3)
  }

  /// Whether this machine allows a mount of a small disk that nobody else sees.
  static func canMount() async -> Bool {
    await Program.can("unshare", "-m", "-r", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
  }

  /// Runs the program with a disk of 1 MiB at `folder` that only the program sees.
  static func onFullDisk(
    at folder: String, _ arguments: [String], environment: [String: String], fill: Bool
  ) async throws -> Program.Outcome {
    let filling = fill ? "head -c 2M /dev/zero >\"$0/full\" 2>/dev/null;" : ""
    let lines = "mount -t tmpfs -o size=1m tmpfs \"$0\" && { \(filling) exec \"$@\"; }"
    return try await Program.start(
      "unshare",
      ["-m", "-r", "/bin/sh", "-c", lines, folder, try VariantProgram.path()] + arguments,
      environment: environment)
  }
}
