// SPDX-License-Identifier: GPL-2.0-only

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

/// Files from a suite of Debian: from the cache, or fetched and unpacked into it.
struct SuiteFiles {
  let repository: SuiteRepository
  let cache: CacheFolder
  let tools: Tools
  let progress: @Sendable (String) -> Void

  /// The suite's kernel, in any version that was fetched before.
  func kernel() async throws(GuestError) -> GivenKernel {
    let entry = try await entry(.kernel, place: "kernels") {
      (unpacker, packages, tree) async throws(GuestError) in
      try await unpacker.unpack(packages, into: tree)
    }
    return GivenKernel(
      image: "\(entry.path)/image",
      modules: try KernelModules.folder(in: "\(entry.path)/modules"), version: entry.label)
  }

  /// The suite's busybox, in any version that was fetched before.
  func busybox() async throws(GuestError) -> String {
    let entry = try await entry(.busybox, place: "busybox") {
      (unpacker, packages, tree) async throws(GuestError) in
      for package in packages {
        try await unpacker.unpackBusybox(package.path, to: "\(tree)/busybox")
      }
    }
    return "\(entry.path)/busybox"
  }

  private func entry(
    _ wanted: WantedPackage, place: String,
    unpack: (KernelUnpacker, [SuiteRepository.Package], _ tree: String) async throws(GuestError) ->
      Void
  ) async throws(GuestError) -> VersionedFolder.Entry {
    let folder = VersionedFolder(cache: cache, place: "guests/\(place)/\(repository.suite)")
    if let entry = folder.newest() { return entry }
    // Check this before anything is written: without these programs a download is useless.
    for name in ["apt-get", "apt-cache"] { _ = try PrivateApt.locate(name, tools) }
    let dpkgDeb = try PrivateApt.locate("dpkg-deb", tools)
    let unpacker = KernelUnpacker(contents: PackageContents(tools: tools, dpkgDeb: dpkgDeb))
    return try await folder.make(
      waiting: {
        progress("waiting for another run that fetches the \(wanted.noun) of \(repository.suite)")
      },
      found: { folder.newest() },
      fill: { (tree, scratch) async throws(GuestError) in
        let packages = try await repository.fetch(wanted, into: scratch)
        let first = packages[0]
        progress("unpacking \(first.name) \(first.version)")
        try await unpack(unpacker, packages, tree)
        return (first.version, "\(first.name) \(first.version)")
      })
  }
}
