// SPDX-License-Identifier: GPL-2.0-only

import Subjects
import Subprocess

/// Reads files from a package without unpacking it: only the caller writes, and links are not followed.
struct PackageContents: Sendable {
  let tools: Tools
  let dpkgDeb: String

  /// Passes each regular file of `package` for which `target` has a path to `keep`, with that path.
  func read(
    _ package: String, target: @escaping @Sendable (String) -> String?,
    keep: @escaping @Sendable (String, [UInt8]) throws(GuestError) -> Void
  ) async throws(GuestError) {
    let name = package.split(separator: "/").last.map(String.init) ?? package
    var scanner = TarScanner(name: name) { KernelPath.isSafe($0) && target($0) != nil }
    do {
      let result = try await Subprocess.run(
        tools.configuration(dpkgDeb, ["--fsys-tarfile", package]), input: .none,
        output: .sequence,
        error: .string(limit: 1 << 16)
      ) { execution in
        for try await buffer in execution.standardOutput {
          for member in try scanner.feed(buffer.withUnsafeBytes { [UInt8]($0)[...] }) {
            if let path = target(member.path), let bytes = member.bytes { try keep(path, bytes) }
          }
        }
      }
      try Task.checkCancellation()
      guard result.terminationStatus.isSuccess, scanner.isBetweenMembers else {
        throw Self.damaged(name, result.standardError)
      }
    } catch let error as GuestError {
      throw error
    } catch {
      throw GuestError(Tools.failure(of: dpkgDeb, error))
    }
  }

  /// Unpacks all of `package` below `folder`, with its links, because programs and their libraries need them.
  func unpack(_ package: String, into folder: String) async throws(GuestError) {
    let name = package.split(separator: "/").last.map(String.init) ?? package
    let outcome = try await tools.runForGuest(dpkgDeb, ["-x", package, folder])
    guard outcome.status.isSuccess else { throw Self.damaged(name, outcome.errors) }
  }

  /// The error for a damaged package; `errors` is the output of dpkg-deb or its tar, in any number of lines.
  static func damaged(_ name: String, _ errors: String) -> GuestError {
    // On a full disk, tar first reports the short write, and dpkg-deb adds its own message to that.
    let isFull = GuestError.isAboutRoom(errors) || errors.contains("Wrote only")
    let said = isFull ? "the disk is full" : GuestError.plain(Tools.firstLine(of: errors))
    return GuestError(
      message: "\(name) could not be unpacked: \(said)",
      advice: isFull
        ? GuestError.makeRoom : "run again; if that does not help, the disk is damaged")
  }
}
