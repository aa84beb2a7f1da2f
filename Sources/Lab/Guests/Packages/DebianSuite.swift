// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// The files that a guest needs from a suite.
enum WantedPackage: Hashable, Sendable {
  /// The suite's newest kernel.
  case kernel
  /// A static busybox.
  case busybox

  /// The package that names it, independent of the version.
  var root: String { self == .kernel ? "linux-image-riscv64" : "busybox-static" }

  /// The name in errors and progress.
  fileprivate var noun: String { self == .kernel ? "kernel" : "static busybox" }

  /// Whether the package `name` has a part of it. Up to trixie, an image's package holds the image and the
  /// modules; later, they and the configuration have their own packages.
  func hasPart(in name: String) -> Bool {
    guard self == .kernel else { return name == root }
    return ["linux-image-", "linux-binary-", "linux-modules-", "linux-base-"].contains { prefix in
      name.hasPrefix(prefix) && name.dropFirst(prefix.count).first?.isNumber == true
    }
  }
}

/// Files for riscv64 from a suite of Debian: from the cache, or fetched and unpacked into it.
final class DebianSuite {
  private let name: String
  private let packages: GuestPackages
  private let apt: PrivateApt
  private var hasToldRefusal = false

  /// A package and the path of its file.
  private typealias Package = (name: String, version: String, path: String)

  init(name: String, packages: GuestPackages) {
    self.name = name
    self.packages = packages
    apt = PrivateApt(place: name, packages: packages)
  }

  /// Whether `name` can be a suite's name; any other text could have a meaning to apt.
  static func isName(_ name: String) -> Bool {
    let isPlain: (UInt8) -> Bool = { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
    return name.utf8.first.map(isPlain) == true && name.utf8.count <= 64
      && name.utf8.allSatisfy { isPlain($0) || $0 == 0x2d }
  }

  /// The suite's kernel, in any version that was fetched before.
  func kernel() async throws(Failure) -> GivenKernel {
    let entry = try await entry(.kernel, place: "kernels")
    return GivenKernel(
      image: "\(entry.path)/image",
      modules: try KernelModules.folder(in: "\(entry.path)/modules"), version: entry.label)
  }

  /// The suite's busybox, in any version that was fetched before.
  func busybox() async throws(Failure) -> String {
    "\(try await entry(.busybox, place: "busybox").path)/busybox"
  }

  private func entry(
    _ wanted: WantedPackage, place: String
  ) async throws(Failure) -> VersionedFolder.Entry {
    let folder = VersionedFolder(cache: packages.cache, place: "guests/\(place)/\(name)")
    if let entry = folder.newest() { return entry }
    // Without dpkg-deb a download is useless.
    let unpacker = try PackageUnpacker(tools: packages.tools)
    return try await folder.make(
      waiting: {
        packages.progress("waiting for another run that fetches the \(wanted.noun) of \(name)")
      },
      found: { folder.newest() },
      fill: { (tree, scratch) async throws(Failure) in
        let fetched = try await fetch(wanted, into: scratch)
        let label = "\(fetched[0].name) \(fetched[0].version)"
        packages.progress("unpacking \(label)")
        for package in fetched {
          try await unpacker.unpack(package.path, into: "\(scratch)/files")
        }
        let names = fetched.map(\.name).joined(separator: ", ")
        switch wanted {
        case .kernel: try await unpacker.keepKernel(of: names, from: "\(scratch)/files", in: tree)
        case .busybox: try unpacker.keepBusybox(of: names, from: "\(scratch)/files", in: tree)
        }
        return (fetched[0].version, label)
      })
  }

  /// Downloads the wanted packages into `folder`; the one that names the result comes first.
  ///
  /// apt's answer is preferred. If apt cannot verify the suite, the pinned packages are used and checked
  /// against their digests.
  private func fetch(
    _ wanted: WantedPackage, into folder: String
  ) async throws(Failure) -> [Package] {
    let mirror = try await DebianMirror.find(root: packages.root, tools: packages.tools)
    return try await apt.use(
      "Debian's \(name)", suite: (name, mirror.sources(of: name)),
      else: "apt cannot vouch for Debian's \(name)"
    ) { (apt, refused) async throws(Failure) in
      let refusal: Failure
      do throws(Failure) {
        if let refused { throw refused }
        return try await fetchVerified(wanted, apt, into: folder)
      } catch {
        refusal = error
      }
      guard !refusal.message.contains("does not have a Release file") else {
        throw Failure(
          .unreadable, "this machine's mirror of Debian has no suite \(name)",
          advice: "name one that has riscv64, e.g. trixie or sid")
      }
      let pinned = packages.pins.packages(of: name, for: wanted)
      guard refusal.isAboutMissing, !pinned.isEmpty else { throw refusal }
      if !hasToldRefusal {
        packages.progress(
          "\(refusal.message); using the packages that this program knows by their SHA-256")
      }
      hasToldRefusal = true
      var fetched: [Package] = []
      for pin in pinned {
        packages.progress("downloading \(pin.name) \(pin.version) (\(Apt.megabytes(pin.bytes)))")
        let path = "\(folder)/\(pin.name).deb"
        try await apt.download(
          "\(mirror.archive)/\(pin.path)", sha256: pin.sha256, to: path,
          else: "\(pin.name) could not be downloaded")
        fetched.append((pin.name, pin.version, path))
      }
      return fetched
    }
  }

  private func fetchVerified(
    _ wanted: WantedPackage, _ apt: Apt, into folder: String
  ) async throws(Failure) -> [Package] {
    let closure = try await apt.closure(of: wanted.root)
    guard !closure.isEmpty else {
      throw Failure(
        .unreadable, "Debian's \(name) has no \(wanted.noun) for riscv64 (\(wanted.root))",
        advice: "name a suite that has riscv64, e.g. trixie or sid", isAboutMissing: true)
    }
    let parts = closure.filter(wanted.hasPart)
    // A package that only depends on others holds no files itself.
    let files = try await apt.files(
      of: ["download", "--"] + (parts.isEmpty ? [wanted.root] : parts),
      first: parts.first { $0.hasPrefix("linux-image-") } ?? wanted.root,
      else: "\(wanted.root) is not available")
    guard let main = files.first else {
      throw Failure(.unreadable, "\(wanted.root) is not available: apt-get names no file of it")
    }
    packages.progress(
      "downloading \(main.name) \(main.version) of Debian's \(name)"
        + " (\(Apt.megabytes(files.map(\.bytes).reduce(0, +))))")
    let paths = try await apt.download(files, into: folder)
    return zip(files, paths).map { ($0.name, $0.version, $1) }
  }
}
