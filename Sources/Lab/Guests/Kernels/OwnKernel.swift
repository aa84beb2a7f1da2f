// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// A bootable kernel, with its modules.
struct GivenKernel: Hashable, Sendable {
  /// The plain image.
  let image: String
  /// The folder that holds `kernel/drivers/...`.
  let modules: String
  /// The package and its version, if the kernel comes from a package.
  let version: String?
}

/// A kernel that the user built. An image that is packed is unpacked into the cache.
struct OwnKernel {
  let packages: GuestPackages

  /// The kernel that the user built; nil if `kernel` is Debian's. Throws if it is unusable.
  func kernel(_ kernel: GuestKernel) async throws(Failure) -> GivenKernel? {
    guard case .image(let path, let modules) = kernel else { return nil }
    let folder = try KernelModules.folder(in: modules)
    try KernelModules.check(folder)
    return GivenKernel(image: try await image(path), modules: folder, version: nil)
  }

  /// The path of the plain image of the file at `path`: that file itself, or its unpacked form.
  private func image(_ path: String) async throws(Failure) -> String {
    if try KernelImage.kind(of: path) == .plain { return path }
    let folder = VersionedFolder(cache: packages.cache, place: "guests/images")
    let digest = try await digest(path)
    if let entry = folder.whole(digest) { return "\(entry.path)/image" }
    let entry = try await folder.make(
      waiting: { packages.progress("waiting for another run that unpacks an image") },
      found: { folder.whole(digest) },
      fill: { (tree, _) async throws(Failure) in
        let image = try await KernelImage.unpacked(path, tools: packages.tools) ?? []
        try VersionedFolder.write(image, to: "\(tree)/image")
        return (digest, digest)
      })
    return "\(entry.path)/image"
  }

  private func digest(_ path: String) async throws(Failure) -> String {
    let program = try packages.tools.locate("sha256sum", advice: "install coreutils")
    // sha256sum prints a backslash before the digest if it had to quote the file's name.
    let outcome = try await packages.tools.run(program, ["--", path])
    let digest = outcome.text.drop { $0 == "\\" }.prefix { $0 != " " }
    guard outcome.status.isSuccess, digest.count == 64, digest.allSatisfy(\.isHexDigit) else {
      throw Failure(.unreadable, "sha256sum failed: \(outcome.firstError)")
    }
    return String(digest)
  }
}
