// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Extracts the parts of the kernel tree that are read from a linux-source package: an archive in an archive,
/// streamed through `dpkg-deb | tar | xz` without writing either to disk.
struct DebianUnpacker {
  let name: String
  let tools: Tools

  /// Whether a file of the tree is kept: the sources of subjects, and the files from which later stages build
  /// stubs for small kernels and test reports.
  static func isKept(_ path: String) -> Bool {
    func isDirectlyIn(_ folder: String, _ ending: String) -> Bool {
      path.hasPrefix(folder) && path.hasSuffix(ending)
        && !path.dropFirst(folder.count).contains("/")
    }
    return path.hasPrefix("arch/riscv/") || isDirectlyIn("mm/", ".c")
      || KernelFiles.series.isReadFromTrees(path)
      || isDirectlyIn("include/linux/", ".h") || isDirectlyIn("tools/testing/kunit/", ".py")
  }

  /// Unpacks the package file `package` into the new folder `folder`.
  func unpack(
    _ package: String, dpkgDeb: String, into folder: String
  ) async throws(Failure) {
    let need = "install it to unpack \(name)"
    let tar = try tools.locate("tar", advice: need)
    let xz = try tools.locate("xz", advice: need)
    let outer = try Pipe(name: name)
    let inner = try Pipe(name: name)
    async let first = pass(dpkgDeb, ["--fsys-tarfile", package], from: nil, to: outer)
    async let second = pass(
      tar, ["-xO", "--wildcards", "./usr/src/linux-source-*.tar.xz"], from: outer, to: inner)
    let failure = await keep(xz, from: inner, into: folder)
    // A failure also ends the programs after it in the chain, so the first failure is the cause.
    for failure in [await first, await second, failure] {
      if let failure { throw failure }
    }
    guard InputFile.kind(of: "\(folder)/\(KernelPath.main)") == .regular else {
      throw Failure(
        .unreadable, "the kernel source in \(name) contains no \(KernelPath.main)",
        advice: "name a package of Linux itself, e.g. debian:linux-source-6.12")
    }
  }

  /// A pipe between two programs; this process closes each end once a program has it.
  private struct Pipe: Sendable {
    let reading: Int32
    let writing: Int32

    init(name: String) throws(Failure) {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else {
        throw Failure(.unreadable, "\(name): no pipe: \(InputFile.describe(errno))")
      }
      // If another program inherited an end, a reader would never see the end of its input.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }
  }

  /// Runs one program of the chain; returns the error if it fails.
  private func pass(
    _ program: String, _ arguments: [String], from: Pipe?, to: Pipe
  ) async -> Failure? {
    let configuration = tools.configuration(program, arguments)
    do {
      let output = FileDescriptorOutput.fileDescriptor(
        .init(rawValue: to.writing), closeAfterSpawningProcess: true)
      if let from {
        let input = FileDescriptorInput.fileDescriptor(
          .init(rawValue: from.reading), closeAfterSpawningProcess: true)
        let result = try await Subprocess.run(
          configuration, input: input, output: output, error: .string(limit: 1 << 16))
        return failure(program, result.terminationStatus, result.standardError)
      }
      let result = try await Subprocess.run(
        configuration, output: output, error: .string(limit: 1 << 16))
      return failure(program, result.terminationStatus, result.standardError)
    } catch {
      return Tools.failure(of: program, error)
    }
  }

  private func keep(_ xz: String, from pipe: Pipe, into folder: String) async -> Failure? {
    var scanner = TarScanner(name: name) { path in
      Self.inTree(path).map(Self.isKept) ?? false
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let result = try await Subprocess.run(
        tools.configuration(xz, ["-dc", "-T0", "--memlimit-decompress=1GiB"]),
        input: .fileDescriptor(.init(rawValue: pipe.reading), closeAfterSpawningProcess: true),
        output: .sequence, error: .string(limit: 1 << 16)
      ) { execution in
        for try await buffer in execution.standardOutput {
          for member in try scanner.feed(buffer.withUnsafeBytes { [UInt8]($0)[...] }) {
            if let path = Self.inTree(member.path), let bytes = member.bytes {
              try Self.write(bytes, to: "\(folder)/\(path)")
            }
          }
        }
      }
      return failure(xz, result.terminationStatus, result.standardError)
    } catch {
      return Tools.failure(of: xz, error)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    do {
      let url = URL(filePath: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    } catch {
      throw CacheFolder.notWritable(path)
    }
  }

  /// The path within the tree of a member of the kernel tarball (`linux-source-6.12/...`); nil if unsafe.
  private static func inTree(_ path: String) -> String? {
    guard KernelPath.isSafe(path), let slash = path.firstIndex(of: "/") else { return nil }
    return String(path[path.index(after: slash)...])
  }

  private func failure(
    _ program: String, _ status: TerminationStatus, _ errors: String
  ) -> Failure? {
    if status.isSuccess { return nil }
    if errors.contains("Not found in archive") { return noSource }
    let tool = program.split(separator: "/").last.map(String.init) ?? program
    return Failure(
      .unreadable, "\(name) could not be unpacked: \(tool): \(Tools.firstLine(of: errors))",
      advice: "fetch it again; if that does not help, the package or the disk is damaged")
  }

  private var noSource: Failure {
    Failure(
      .unreadable, "the package \(name) contains no kernel source (usr/src/linux-source-*.tar.xz)",
      advice: "name one that does, e.g. debian:linux-source-6.12")
  }
}
