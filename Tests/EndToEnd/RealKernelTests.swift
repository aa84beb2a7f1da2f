// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The main use: checks real kernels, from each possible source of their text.
///
/// The suite needs Debian's linux-source packages. Where they are not available, it is disabled and the
/// reason is printed.
@Suite(
  "Real kernels", .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
struct RealKernelTests {
  /// The report on the package, made once: three modes, every function.
  private static let ofPackage = Task {
    try await CheckReport.of(
      "debian:\(KernelSource.withHotplug)", ["--depth", "standard"], status: 0)
  }

  /// Expects the results of the package, which was checked in all modes, from another form of the text,
  /// checked in one mode. The extracted text of a tree is identical to the byte; other forms bring some of
  /// the functions, with the same results as in the package.
  private func isAsPackage(
    _ report: CheckReport, kind: String, bringing names: Set<String>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let package = try await Self.ofPackage.value
    #expect(report.subject.kind == kind, sourceLocation: sourceLocation)
    #expect(
      (report.subject.sha256 == package.subject.sha256) == (names == surfaceNames),
      sourceLocation: sourceLocation)
    #expect(report.verdict == package.verdict, sourceLocation: sourceLocation)
    // The tree's generic code prints where the stand-in does not, so it is equivalent but not identical.
    func good(_ report: CheckReport) -> Set<String> {
      report.functions("identical").union(report.functions("equivalent")).intersection(names)
    }
    #expect(
      good(report) == names && good(package) == names, "\(report.functions)",
      sourceLocation: sourceLocation)
    #expect(
      report.functions.allSatisfy { names.contains($0.name) || $0.status == "absent" },
      "\(report.functions)", sourceLocation: sourceLocation)
    #expect(report.differences.isEmpty, sourceLocation: sourceLocation)
  }

  /// The options for other forms; the coverage of the package is that of its text.
  private static let oneMode = ["--mode", "sv48", "--no-coverage"]

  @Test("6.12 from its Debian package conforms, with every function of the surface, in three modes")
  func package() async throws {
    let report = try await Self.ofPackage.value
    #expect(report.verdict == "conforms")
    #expect(report.missingFixes.isEmpty)
    #expect(report.differences.isEmpty)
    #expect(report.modes == ["sv39", "sv48", "sv57"])
    #expect(report.cases > 1000)
    #expect(report.functions("identical").union(report.functions("equivalent")) == surfaceNames)
    #expect(report.subject.kind == "debian")
    #expect(report.subject.origin.hasPrefix("linux-source-6.12 6.12."))
  }

  @Test("The catalogue reaches every branch of 6.12, and a check says so")
  func branches() async throws {
    let report = try await CoverageReport.of(
      "debian:\(KernelSource.withHotplug)", ["--depth", "smoke"], status: 0)
    #expect(report.unreached.isEmpty && report.unread.isEmpty)
    #expect(report.branches.total > 60 && report.branches.reached == report.branches.total)
    #expect(surfaceNames.isSubset(of: report.functions.map(\.name)))
    let coverage = try #require(try await Self.ofPackage.value.coverage)
    #expect(coverage.unreached.isEmpty && coverage.unknown == nil)
    #expect(coverage.branches?.reached == report.branches.total)
  }

  @Test("6.1 has none of the functions, and one line says what that means")
  func kernelWithout() async throws {
    try await Program.run(["check", "debian:\(KernelSource.without)"]).isOneLine(
      status: 3, mentions: ["linux-source-6.1 6.1.", "lacks the surface", "predates"])
  }

  @Test("The tree, and its init.c alone, give the same report as the package")
  func treeAndFile() async throws {
    let source = try await KernelSource.new.value
    try await isAsPackage(
      .of(source.tree, Self.oneMode, status: 0), kind: "tree", bringing: surfaceNames)
    let file = "\(source.tree)/\(KernelSource.mainPath)"
    let own = try await CheckReport.of(file, Self.oneMode, status: 0)
    try await isAsPackage(own, kind: "file", bringing: archNames)
    let scratch = try PrivateFolder()
    let copy = try scratch.write("copied.c", source.text)
    let copied = try await CheckReport.of(copy, Self.oneMode, status: 0)
    try await isAsPackage(copied, kind: "file", bringing: archNames)
    #expect(copied.subject.sha256 == own.subject.sha256)
  }

  @Test(
    "A tarball of the tree gives the same report as the package",
    arguments: [
      ("tree.tar", nil), ("tree.tar.gz", "gzip"), ("tree.tar.xz", "xz"), ("tree.tar.zst", "zstd"),
    ])
  func tarball(name: String, packer: String?) async throws {
    let scratch = try PrivateFolder()
    let source = try await KernelSource.new.value
    // A macro of init.c counts even though its condition is off; it leads into the header.
    let header = "arch/riscv/include/asm/pgtable.h"
    for path in [KernelSource.mainPath, "mm/sparse-vmemmap.c", header] {
      let text = try String(contentsOfFile: "\(source.tree)/\(path)", encoding: .utf8)
      try scratch.write("linux-6.12/\(path)", text)
    }
    let packing = packer.map { ["--use-compress-program=\($0)"] } ?? []
    try await scratch.run("tar", packing + ["-cf", name, "linux-6.12"])
    try await isAsPackage(
      .of(scratch.file(name), Self.oneMode, status: 0), kind: "tarball", bringing: surfaceNames)
  }

  @Test("A git revision gives the same report as the package, and its parent has no functions")
  func git() async throws {
    let text = try await KernelText.latest()
    let scratch = try PrivateFolder()
    try await scratch.run("git", ["init", "-q", "."])
    try await Self.commit(text.withoutBlock, "Before", in: scratch)
    try await Self.commit(text.whole, "Add memory hotplug", in: scratch)
    try await scratch.run("git", ["tag", "with-hotplug"])
    for revision in ["HEAD", "with-hotplug"] {
      let report = try await CheckReport.of(
        "git:\(scratch.path)@\(revision)", Self.oneMode, status: 0)
      try await isAsPackage(report, kind: "git", bringing: archNames)
    }
    try await Program.run(["check", "git:\(scratch.path)@HEAD~1"]).isOneLine(
      status: 3, mentions: ["@HEAD~1", "lacks the surface"])
  }

  private static func commit(_ text: String, _ title: String, in scratch: PrivateFolder)
    async throws
  {
    try scratch.write(KernelSource.mainPath, text)
    try await scratch.run("git", ["add", "."])
    try await scratch.run("git", ["commit", "-q", "-m", title])
  }

  @Test(
    "The hotplug block as a patch gives the same report as the package, however it is delivered")
  func patch() async throws {
    let text = try await KernelText.latest()
    let scratch = try PrivateFolder()
    try scratch.write("a/\(KernelSource.mainPath)", text.withoutBlock)
    try scratch.write("b/\(KernelSource.mainPath)", text.whole)
    let patch = try await scratch.diff(
      "a/\(KernelSource.mainPath)", "b/\(KernelSource.mainPath)", to: "hotplug.patch")
    try await isAsPackage(
      .of(patch, Self.oneMode, status: 0), kind: "patch", bringing: hotplugNames)

    let base = ["--base", scratch.file("a/\(KernelSource.mainPath)")]
    try await isAsPackage(
      .of(patch, Self.oneMode + base, status: 0), kind: "patch", bringing: archNames)

    let bytes = Array(try Data(contentsOf: URL(filePath: patch)))
    let piped = try await CheckReport.of("-", Self.oneMode, input: bytes, status: 0)
    try await isAsPackage(piped, kind: "patch", bringing: hotplugNames)

    let crlf = bytes.flatMap { $0 == UInt8(ascii: "\n") ? [UInt8(ascii: "\r"), $0] : [$0] }
    let report = try await CheckReport.of(
      scratch.write("crlf.patch", crlf), Self.oneMode, status: 0)
    try await isAsPackage(report, kind: "patch", bringing: hotplugNames)
  }

  @Test("A mailbox from git format-patch gives the same report as the package")
  func mailbox() async throws {
    let text = try await KernelText.latest()
    let scratch = try PrivateFolder()
    try await scratch.run("git", ["init", "-q", "."])
    try await Self.commit(text.withoutBlock, "Before", in: scratch)
    try await Self.commit(text.whole, "riscv: mm: Add memory hotplug", in: scratch)
    let mail = try await scratch.run("git", ["format-patch", "-1", "--stdout"])
    let report = try await CheckReport.of(
      scratch.write("hotplug.mbox", mail), Self.oneMode, status: 0)
    try await isAsPackage(report, kind: "patch", bringing: hotplugNames)
  }

  @Test("A patch that appends the block to 6.1's init.c gives the same report as the package")
  func patchForOlderKernel() async throws {
    let old = try await KernelSource.old.value.text
    let block = try await KernelText.latest().block
    let scratch = try PrivateFolder()
    try scratch.write("a/\(KernelSource.mainPath)", old)
    try scratch.write("b/\(KernelSource.mainPath)", old + "\n" + block)
    let patch = try await scratch.diff(
      "a/\(KernelSource.mainPath)", "b/\(KernelSource.mainPath)", to: "backport.patch")
    try await isAsPackage(
      .of(patch, Self.oneMode, status: 0), kind: "patch", bringing: hotplugNames)
  }

  @Test("On 6.1, the hotplug block behaves correctly, but 6.1's own creation side differs")
  func olderCreationSide() async throws {
    let old = try await KernelSource.old.value.text
    let block = try await KernelText.latest().block
    let scratch = try PrivateFolder()
    let file = try scratch.write("init.c", old + "\n" + block)
    let report = try await CheckReport.of(file, Self.oneMode, status: 1)
    #expect(report.verdict == "differs")
    // 6.1's best_map_size gets no virtual address (class 47) and ignores debug_pagealloc.
    let differing = report.functions("differs")
    #expect(differing.contains("best_map_size"))
    #expect(differing.isDisjoint(with: ["vmemmap_populate", "vmemmap_free", "arch_remove_memory"]))
    // The memmap consists of pages, from RAM even with an altmap (class 52): a state of upstream.
    #expect(report.states?.map(\.id) == ["memmap-by-pages", "memmap-without-altmap"])
    #expect(report.missingFixes == ["e3ecf2fdc8f3"])
    #expect(report.hazards.contains { $0.id == "H2" })
  }
}
