// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine

/// Tarballs, patches, repositories and packages that hold nothing to check, or hostile content.
@Suite("A bad container gives no verdict")
struct BadContainerTests {
  private static let main = KernelSource.mainPath

  private func refuses(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    in scratch: PrivateFolder, mentions words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let temporary = try scratch.folder("temporary")
    let outcome = try await Program.run(
      ["check"] + arguments, input: input,
      environment: environment.merging(["TMPDIR": temporary]) { own, _ in own })
    outcome.isOneLine(status: 3, mentions: words, sourceLocation: sourceLocation)
    let left = try FileManager.default.contentsOfDirectory(atPath: temporary)
    #expect(left.isEmpty, "left behind: \(left)", sourceLocation: sourceLocation)
  }

  // MARK: Tarballs

  @Test("A truncated tarball is refused", arguments: [("x.tar", nil), ("x.tar.gz", "gzip")])
  func truncatedTarball(name: String, packer: String?) async throws {
    let scratch = try PrivateFolder()
    try scratch.write("linux/\(Self.main)", try VariantFiles.reference())
    let packing = packer.map { ["--use-compress-program=\($0)"] } ?? []
    try await scratch.run("tar", packing + ["-cf", "whole", "linux/\(Self.main)"])
    let bytes = try Data(contentsOf: URL(filePath: scratch.file("whole")))
    let path = try scratch.write(name, bytes.prefix(packer == nil ? 5000 : bytes.count / 2))
    try await refuses([path], in: scratch, mentions: [path])
  }

  @Test("A path that climbs out of a tarball is not followed")
  func climbingTarball() async throws {
    let scratch = try PrivateFolder()
    try scratch.write("outside/\(Self.main)", try VariantFiles.reference())
    _ = try scratch.folder("inside")
    try await scratch.run(
      "tar", ["-C", "inside", "-P", "-cf", "x.tar", "../outside/\(Self.main)"])
    let path = scratch.file("x.tar")
    try await refuses([path], in: scratch, mentions: [path, "contains no"])
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(Set(names) == ["inside", "outside", "temporary", "x.tar"])
  }

  @Test("A link in the place of init.c is not followed")
  func linkingTarball() async throws {
    let scratch = try PrivateFolder()
    let target = try scratch.write("real.c", try VariantFiles.reference())
    _ = try scratch.folder("linux/arch/riscv/mm")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("linux/\(Self.main)"), withDestinationPath: target)
    try await scratch.run("tar", ["-cf", "x.tar", "linux"])
    try await refuses([scratch.file("x.tar")], in: scratch, mentions: ["link"])
  }

  // MARK: Patches

  @Test("A patch to other files is refused")
  func otherPatch() async throws {
    let scratch = try PrivateFolder()
    let patch = """
      --- a/drivers/tty/serial/sifive.c
      +++ b/drivers/tty/serial/sifive.c
      @@ -1,2 +1,3 @@
       int before;
      +int added;
       int after;

      """
    let path = try scratch.write("other.patch", patch)
    try await refuses([path], in: scratch, mentions: [path, Self.main])
    try await refuses(["-"], input: Array(patch.utf8), in: scratch, mentions: [Self.main])
  }

  @Test("Standard input without a patch is refused")
  func noPatchOnStandardInput() async throws {
    let scratch = try PrivateFolder()
    try await refuses(["-"], in: scratch, mentions: ["<stdin>"])
    try await refuses(
      ["-"], input: Array("no patch at all\n".utf8), in: scratch,
      mentions: ["<stdin> contains no patch"])
  }

  @Test("A hunk that does not apply to the file given with --base is refused")
  func failingHunk() async throws {
    let scratch = try PrivateFolder()
    let patch = """
      --- a/\(Self.main)
      +++ b/\(Self.main)
      @@ -1,2 +1,3 @@
       int before;
      +int added;
       int after;

      """
    let path = try scratch.write("x.patch", patch)
    let base = try scratch.write("base.c", "int something_else;\n")
    try await refuses(
      [path, "--base", base], in: scratch, mentions: ["hunk 1", "does not apply to \(base)"])
    let missing = scratch.file("nowhere.c")
    try await refuses([path, "--base", missing], in: scratch, mentions: [missing])
  }

  // MARK: Repositories

  @Test("A folder without a repository, and a revision that its repository lacks, are refused")
  func git() async throws {
    let scratch = try PrivateFolder()
    let plain = try scratch.folder("plain")
    // Without this, git would look for a repository in the folders above.
    try scratch.write("plain/.git", "gitdir: nowhere\n")
    try await refuses(["git:\(plain)@HEAD"], in: scratch, mentions: [plain])
    try await refuses(["git:\(plain)"], in: scratch, mentions: ["names no revision"])
    let repository = try scratch.folder("repository")
    try await scratch.run("git", ["init", "-q", "repository"])
    try await refuses(
      ["git:\(repository)@v9.9"], in: scratch,
      mentions: ["\(repository) has no commit \"v9.9\"", "fetch"])
  }

  // MARK: Packages

  @Test("A package that no archive has, and an invalid package name, are refused")
  func unknownPackage() async throws {
    let scratch = try PrivateFolder()
    let cache = ["MHPCHECK_CACHE": scratch.file("cache")]
    let name = "linux-source-0.0"
    try await refuses(["debian:\(name)"], environment: cache, in: scratch, mentions: [])
    for bad in ["debian:", "debian:../x", "debian:-o=x", "debian:A b"] {
      try await refuses([bad], environment: cache, in: scratch, mentions: ["names no package"])
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.file("cache")))
  }

  @Test("A machine without apt cannot fetch a package")
  func noApt() async throws {
    let scratch = try PrivateFolder()
    try await refuses(
      ["debian:linux-source-6.12"],
      environment: ["MHPCHECK_CACHE": scratch.file("cache"), "PATH": try scratch.folder("bin")],
      in: scratch, mentions: ["apt-get was not found", "kernel tree or tarball instead"])
  }

  /// Replaces apt, so that the network fails even on a machine whose network works; `download` is what its
  /// apt-get does to download.
  private func environmentWithApt(_ scratch: PrivateFolder, download: String) throws
    -> [String: String]
  {
    try scratch.script("bin/apt-cache", "exit 1")
    try scratch.script("bin/dpkg-deb", "exit 1")
    try scratch.script(
      "bin/apt-get",
      """
      case "$*" in *--print-uris*)
        echo "'http://x.example/x.deb' linux-source-6.12_6.12.1-1_all.deb 150000000"
        exit
      esac
      \(download)
      """)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return ["PATH": "\(scratch.file("bin")):\(path)", "MHPCHECK_CACHE": scratch.file("cache")]
  }

  @Test("Without a network, the line has apt's own reason, and no half-made folder stays")
  func noNetwork() async throws {
    let scratch = try PrivateFolder()
    let environment = try environmentWithApt(
      scratch,
      download: """
        echo 'Err:1 http://deb.example.org stable/main' >&2
        echo 'E: Failed to fetch x.deb  Could not connect to deb.example.org:80' >&2
        exit 100
        """)
    try await refuses(
      ["debian:linux-source-6.12"], environment: environment, in: scratch,
      mentions: ["linux-source-6.12 could not be downloaded", "Could not connect", "network"])
    let left = try FileManager.default.contentsOfDirectory(
      atPath: scratch.file("cache/debian/linux-source-6.12"))
    #expect(left == ["lock"])
  }

  @Test("A cache folder that cannot be created is an error")
  func cacheNotWritable() async throws {
    let scratch = try PrivateFolder()
    var environment = try environmentWithApt(scratch, download: "exit 100")
    try scratch.write("file", "not a folder\n")
    environment["MHPCHECK_CACHE"] = scratch.file("file/cache")
    try await refuses(
      ["debian:linux-source-6.12"], environment: environment, in: scratch,
      mentions: [scratch.file("file/cache"), "cannot be written", "MHPCHECK_CACHE"])
  }

  @Test(
    "A full disk for the cache is an error",
    .enabled("mounts are allowed") { await BadSubjectTests.canMount() }
  )
  func cacheFull() async throws {
    let scratch = try PrivateFolder()
    let environment = try environmentWithApt(
      scratch, download: "cat /dev/zero | head -c 8M >x.deb || exit 100")
    let outcome = try await BadSubjectTests.onFullDisk(
      at: try scratch.folder("cache"), ["check", "debian:linux-source-6.12"],
      environment: environment, fill: false)
    outcome.isOneLine(
      status: 3, mentions: ["linux-source-6.12 could not be downloaded", "MHPCHECK_CACHE"])
  }
}
