// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Subjects

@Suite("Debian packages")
struct DebianTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private func isThere(_ program: String) -> Bool {
    (try? Tools(searchPath: nil).locate(program, advice: "")) != nil
  }

  @Test("A package that apt does not know is named, with what to do")
  func unknown() async throws {
    guard isThere("apt-get"), isThere("apt-cache"), isThere("dpkg-deb") else { return }
    let error = await refusal {
      _ = try await readSubject("debian:linux-source-0.0.1", cache: scratch.path)
    }
    #expect(error.message == "apt does not know the package linux-source-0.0.1")
    #expect(error.advice?.contains("apt-get update") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test("Without apt-get, the error names the program")
  func noApt() async throws {
    let reader = SubjectReader(cacheFolder: scratch.path, searchPath: ["\(scratch.path)/bin"])
    let error = await refusal { _ = try await reader.read(.debian(package: "linux-source-6.12")) }
    #expect(error.message == "apt-get was not found on PATH")
  }

  @Test("A version in the cache is read without apt; one without its marker is not")
  func cached() async throws {
    let reader = SubjectReader(cacheFolder: scratch.path, searchPath: ["\(scratch.path)/bin"])
    let folder = "debian/linux-source-1/1%3a2-3"
    try scratch.write("\(folder)/arch/riscv/mm/init.c", "int x;\n")
    try scratch.write("\(folder)/VERSION", "1:2-3\n")
    let error = await refusal { _ = try await reader.read(.debian(package: "linux-source-1")) }
    #expect(error.message == "apt-get was not found on PATH")
    try scratch.write("\(folder)/complete", "")
    let text = try await reader.read(.debian(package: "linux-source-1"))
    #expect(text.kind == "debian" && text.origin == "linux-source-1 1:2-3")
    #expect(text.files.first?.displayName == "linux-source-1/arch/riscv/mm/init.c")
  }

  @Test(
    "Names that could be options or paths are refused", arguments: ["", "-o", "../x", "A", "x y"])
  func names(package: String) async {
    let error = await refusal { _ = try SubjectReference(argument: "debian:\(package)") }
    #expect(error.message == "\"debian:\(package)\" names no package")
  }

  @Test("A package that is no archive fails in one line and leaves no tree")
  func brokenPackage() async throws {
    guard let dpkgDeb = try? Tools(searchPath: nil).locate("dpkg-deb", advice: "") else { return }
    let package = try scratch.write("x.deb", "not a package\n")
    let unpacker = DebianUnpacker(name: "p", tools: Tools(searchPath: nil))
    let error = await refusal {
      try await unpacker.unpack(package, dpkgDeb: dpkgDeb, into: "\(scratch.path)/tree")
    }
    #expect(error.message.hasPrefix("p could not be unpacked: dpkg-deb: "), "\(error.message)")
    #expect(!error.message.contains("\n"))
  }

  @Test("Only the files that are read are unpacked from a package, without links")
  func unpacked() async throws {
    guard let dpkgDeb = try? Tools(searchPath: nil).locate("dpkg-deb", advice: "") else { return }
    for path in [
      "arch/riscv/mm/init.c", "arch/riscv/Kconfig", "arch/arm64/mm/mmu.c", "mm/sparse.c",
      "mm/kasan/init.c", "include/linux/mm.h", "include/linux/sub/x.h",
      "tools/testing/kunit/kunit.py", "Makefile",
    ] {
      try scratch.write("src/linux-source-1/\(path)", "x\n")
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(scratch.path)/src/linux-source-1/mm/link.c", withDestinationPath: "sparse.c")
    try scratch.write(
      "p/DEBIAN/control",
      "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n")
    try scratch.write("p/usr/src/x", "")
    try await scratch.run(
      "tar", "-C", "src", "-cJf", "p/usr/src/linux-source-1.tar.xz", "linux-source-1")
    try await scratch.run("dpkg-deb", "-b", "--root-owner-group", "p", "p.deb")
    let tree = "\(scratch.path)/tree"
    try await DebianUnpacker(name: "p", tools: Tools(searchPath: nil)).unpack(
      "\(scratch.path)/p.deb", dpkgDeb: dpkgDeb, into: tree)
    let files = try FileManager.default.subpathsOfDirectory(atPath: tree).filter {
      InputFile.kind(of: "\(tree)/\($0)") == .regular
    }
    #expect(
      files.sorted() == [
        "arch/riscv/Kconfig", "arch/riscv/mm/init.c", "include/linux/mm.h", "mm/sparse.c",
        "tools/testing/kunit/kunit.py",
      ])
  }

  @Test("A package without kernel source is named")
  func otherPackage() async throws {
    guard let dpkgDeb = try? Tools(searchPath: nil).locate("dpkg-deb", advice: "") else { return }
    try scratch.write(
      "p/DEBIAN/control",
      "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n")
    try scratch.write("p/usr/share/doc/p/x", "x\n")
    try await scratch.run("dpkg-deb", "-b", "--root-owner-group", "p", "p.deb")
    let unpacker = DebianUnpacker(name: "p", tools: Tools(searchPath: nil))
    let error = await refusal {
      try await unpacker.unpack(
        "\(scratch.path)/p.deb", dpkgDeb: dpkgDeb, into: "\(scratch.path)/tree")
    }
    #expect(error.message.hasPrefix("the package p contains no kernel source"), "\(error.message)")
  }

  @Test("A cache that cannot be created gives one line with advice")
  func noCache() async throws {
    let file = try scratch.write("file", "x\n")
    let error = await refusal { _ = try CacheFolder(path: file).subfolder("debian/p") }
    #expect(error.message == "\(file)/debian/p cannot be written")
    #expect(error.advice?.contains("MHPCHECK_CACHE") == true)
  }

  @Test("Only one process at a time holds the lock")
  func lock() async throws {
    let path = "\(scratch.path)/lock"
    var first: FileLock? = try await FileLock.acquire(path) {}
    let waited = Mutex(false)
    let second = Task { try await FileLock.acquire(path) { waited.withLock { $0 = true } } }
    while !waited.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
    withExtendedLifetime(first) {}
    first = nil
    _ = try await second.value
  }

  @Test(
    "Debian's own packages are fetched once and then read from the cache",
    .enabled(if: ProcessInfo.processInfo.environment["MHPCHECK_REAL"] == "1"),
    arguments: ["linux-source-6.12", "linux-source-6.1"])
  func real(package: String) async throws {
    let said = Mutex<[String]>([])
    let reader = SubjectReader(cacheFolder: scratch.path) { line in
      said.withLock { $0.append(line) }
    }
    try scratch.write("debian/\(package)/.fetching-killed/half.deb", "x")
    let text = try await reader.read(.debian(package: package))
    let file = try #require(text.files.first)
    #expect(file.path == "arch/riscv/mm/init.c" && file.lines.count > 1000)
    let block = file.texts.contains { $0.contains("remove_pgd_mapping") }
    #expect(block == (package == "linux-source-6.12"))
    #expect(said.withLock { $0.map { $0.prefix(10) } } == ["downloadin", "unpacking "])
    let offline = SubjectReader(cacheFolder: scratch.path, searchPath: ["\(scratch.path)/no"])
    #expect(try await offline.read(.debian(package: package)) == text)
    let left = try FileManager.default.contentsOfDirectory(
      atPath: "\(scratch.path)/debian/\(package)")
    #expect(left.count == 2 && left.contains("lock"))
  }
}
