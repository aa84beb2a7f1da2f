// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subjects

/// A program that guests need and that the machine may not have. It comes from PATH, or from the packages of
/// the machine's own Debian, unpacked into the cache with the libraries that are not installed.
struct ProgramPackages {
  private let packages: GuestPackages
  private let apt: PrivateApt

  init(packages: GuestPackages) {
    self.packages = packages
    apt = PrivateApt(place: "machine", packages: packages)
  }

  /// A program that can be started.
  struct Program: Hashable, Sendable {
    let path: String
    /// The root of the tree that it was unpacked into; nil if the machine has it.
    let tree: String?
    /// Folders of shared libraries that it needs in addition to the machine's.
    let libraries: [String]
  }

  /// A program and the packages that have it.
  struct Wanted: Hashable, Sendable {
    let program: String
    /// Sets of packages. The first set that apt has is used; its first package has the program.
    let packages: [[String]]

    /// Debian has split QEMU's machines into packages differently over the years.
    static let qemu = Wanted(
      program: "qemu-system-riscv64",
      packages: [["qemu-system-riscv", "opensbi"], ["qemu-system-misc", "opensbi"]])
    static let dtc = Wanted(program: "dtc", packages: [["device-tree-compiler"]])
  }

  /// The program; it is fetched if it is not there.
  func program(_ wanted: Wanted) async throws(Failure) -> Program {
    if let path = try? packages.tools.locate(wanted.program, advice: "") {
      return Program(path: path, tree: nil, libraries: [])
    }
    let folder = VersionedFolder(cache: packages.cache, place: "guests/programs/\(wanted.program)")
    let usable: () async -> VersionedFolder.Entry? = {
      // Libraries that were installed then may now be gone or changed, so the program is tried.
      guard let entry = folder.newest(),
        await failure(of: Self.program(wanted, in: entry.path)) == nil
      else { return nil }
      return entry
    }
    if let entry = await usable() { return Self.program(wanted, in: entry.path) }
    let entry = try await folder.make(
      waiting: { packages.progress("waiting for another run that fetches \(wanted.program)") },
      found: usable,
      fill: { (tree, scratch) async throws(Failure) in
        let main = try await fetch(wanted, into: tree, scratch: scratch)
        if let said = await failure(of: Self.program(wanted, in: tree)) {
          throw Failure(
            .unreadable,
            "\(wanted.program) of the package \(main.name) does not start:"
              + " \(Tools.plain(said))",
            advice: "install \(main.name) (apt-get install, as root)")
        }
        return (main.version, "\(main.name) \(main.version)")
      })
    return Self.program(wanted, in: entry.path)
  }

  private static func program(_ wanted: Wanted, in tree: String) -> Program {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: tree)) ?? []
    let folders = paths.filter { $0.contains("/lib") && $0.contains(".so.") }
      .map { $0.split(separator: "/").dropLast().joined(separator: "/") }
    return Program(
      path: "\(tree)/usr/bin/\(wanted.program)", tree: tree,
      libraries: Set(folders).sorted().map { "\(tree)/\($0)" })
  }

  /// The reason why the program does not start; nil if it does.
  private func failure(of program: Program) async -> String? {
    let libraries = ["LD_LIBRARY_PATH": program.libraries.joined(separator: ":")]
    do throws(Failure) {
      let outcome = try await packages.tools.run(program.path, ["--version"], additions: libraries)
      return outcome.status.isSuccess ? nil : outcome.firstError
    } catch {
      return error.message
    }
  }

  /// Downloads and unpacks the packages; returns the one that has the program.
  private func fetch(
    _ wanted: Wanted, into tree: String, scratch: String
  ) async throws(Failure) -> Apt.File {
    let unpacker = try PackageUnpacker(tools: packages.tools)
    let subject = "\(wanted.program) is not installed and could not be fetched"
    // The machine's own lists may be missing or older than the mirror.
    return try await apt.use("this machine", else: subject) {
      (apt, refusal) async throws(Failure) in
      let files: [Apt.File]
      do throws(Failure) {
        files = try await choose(wanted, apt, else: subject)
      } catch {
        // A failure of another vendor's source does not matter if Debian's has the package.
        throw error.isAboutMissing ? refusal ?? error : error
      }
      let (main, size) = (files[0], Apt.megabytes(files.map(\.bytes).reduce(0, +)))
      packages.progress(
        "downloading \(main.name) \(main.version) and \(files.count - 1) more packages (\(size))")
      let paths = try await apt.download(files, into: scratch)
      packages.progress("unpacking \(main.name) \(main.version)")
      for path in paths { try await unpacker.unpack(path, into: tree) }
      Self.prune(tree, to: wanted.program)
      return main
    }
  }

  /// The files that an installation of the program would add here, its own package first; apt only computes
  /// them.
  private func choose(
    _ wanted: Wanted, _ apt: Apt, else subject: String
  ) async throws(Failure) -> [Apt.File] {
    for names in wanted.packages {
      guard try await !apt.closure(of: names[0]).isEmpty else { continue }
      let files = try await apt.files(
        of: ["-y", "--no-install-recommends", "install", "--"] + names, first: names[0],
        else: subject)
      guard files.first?.name == names[0] else {
        throw Failure(
          .unreadable, "\(names[0]) is installed, but \(wanted.program) was not found on PATH",
          advice: "add the folder of \(wanted.program) to PATH")
      }
      return files
    }
    let names = wanted.packages.map { $0[0] }.joined(separator: ", ")
    throw Failure(
      .unreadable,
      "\(wanted.program) was not found on PATH, and apt has no package of it (\(names))",
      advice: "install \(wanted.program)", isAboutMissing: true)
  }

  /// Removes most of the unpacked files: QEMU's package has the emulators of thirty other machines.
  private static func prune(_ tree: String, to program: String) {
    let others = VersionedFolder.names(in: "\(tree)/usr/bin").filter { $0 != program }
    for path in others.map({ "bin/\($0)" }) + ["share/doc", "share/locale", "share/man"] {
      try? FileManager.default.removeItem(atPath: "\(tree)/usr/\(path)")
    }
  }
}
