// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A guest's initial root file system: busybox, the modules, and the first process.
///
/// It has no device nodes, because only root can make them: the kernel's own first archive has `/dev/console`
/// (usr/default_cpio_list), and devtmpfs has the rest.
enum Initramfs {
  /// The maximum size of an archive in bytes.
  static let largest: UInt64 = 64 << 20

  /// Makes an archive of `files` at `path`. It creates the folder `staging`, and removes it again.
  static func make(
    _ files: GuestFiles, at path: String, staging: String
  ) async throws(Failure) {
    let cpio = try MachineProgram(named: "cpio", package: "cpio")
    let modules = try GuestModules(folder: files.modules)
    guard let busybox = FileManager.default.contents(atPath: files.busybox) else {
      throw Failure(.incomplete, "\(files.busybox) cannot be read")
    }
    defer { try? FileManager.default.removeItem(atPath: staging) }
    try? FileManager.default.removeItem(atPath: staging)
    for folder in ["/bin", "/dev", GuestInit.modulesFolder] { try makeFolder(staging + folder) }
    try write(busybox, to: "\(staging)/bin/busybox", mode: 0o755)
    try write(GuestInit.script.utf8, to: "\(staging)/init", mode: 0o755)
    try write(GuestInit.load.utf8, to: "\(staging)/bin/load", mode: 0o755)
    try await modules.unpack(to: staging + GuestInit.modulesFolder)
    // A folder comes before its contents, because the kernel makes them in the order of the archive.
    let names =
      ["bin", "dev", "lib", "lib/modules", "init", "bin/busybox", "bin/load"]
      + modules.paths.keys.sorted().map { "lib/modules/\($0).ko" }
    let archive = try await cpio.run(
      ["-o", "-H", "newc", "--quiet", "-R", "0:0"], folder: staging,
      input: Array(names.joined(separator: "\n").utf8), limit: Int(largest))
    try write(archive, to: path)
  }

  static func write(
    _ bytes: some Sequence<UInt8>, to path: String, mode: Int = 0o600
  ) throws(Failure) {
    do {
      try Data(bytes).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    } catch { throw notWritable(path) }
  }

  private static func makeFolder(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { throw notWritable(path) }
  }

  private static func notWritable(_ path: String) -> Failure {
    Failure(
      .incomplete, "\(path) cannot be written",
      advice: "make room, or name a folder that can be written")
  }
}
