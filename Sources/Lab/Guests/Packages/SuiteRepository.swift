// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// A suite of Debian, as a source of packages for riscv64. It neither asks nor writes anything before the
/// first fetch.
final class SuiteRepository {
  let suite: String
  private let root: String
  private let cache: CacheFolder
  private let tools: Tools
  private let pins: PackagePins
  private let progress: @Sendable (String) -> Void
  private var answer = Answer.unasked
  private var hasToldRefusal = false

  /// Whether the indexes were requested, and apt's answer.
  private enum Answer {
    case unasked, vouched
    case refused(said: String)
  }

  /// A fetched package.
  struct Package: Hashable, Sendable {
    let name: String
    let version: String
    /// The path of its file.
    let path: String
  }

  /// `suite` from the mirror that the files below `root` name, with apt's state in `cache`.
  init(
    suite: String, root: String, cache: CacheFolder, tools: Tools, pins: PackagePins,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.suite = suite
    self.root = root
    self.cache = cache
    self.tools = tools
    self.pins = pins
    self.progress = progress
  }

  /// Whether `name` can be a suite's name; any other text could have a meaning to apt.
  static func isName(_ name: String) -> Bool {
    let isPlain: (UInt8) -> Bool = { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
    return name.utf8.first.map(isPlain) == true && name.utf8.count <= 64
      && name.utf8.allSatisfy { isPlain($0) || $0 == 0x2d }
  }

  /// The suite, and the one that it builds on: "trixie-security" does not have all packages of "trixie".
  static func sources(suite: String, mirror: DebianMirror) -> String {
    let additions = ["-security", "-updates", "-backports", "-proposed-updates"]
    let addition = additions.filter { suite.hasSuffix($0) }.max { $0.count < $1.count }
    let suites = addition.map { [suite, String(suite.dropLast($0.count))] } ?? [suite]
    let key = mirror.keyring.map { " signed-by=\($0)" } ?? ""
    return suites.map { name in
      let archive = name.hasSuffix("-security") ? mirror.security ?? mirror.archive : mirror.archive
      return "deb [arch=riscv64\(key)] \(archive) \(name) main\n"
    }.joined()
  }

  /// Downloads the wanted packages into `folder`; the one that names the result comes first.
  ///
  /// apt's answer is preferred. If apt cannot verify the suite, the pinned packages are used and checked
  /// against their digests.
  func fetch(
    _ wanted: WantedPackage, into folder: String
  ) async throws(GuestError) -> [Package] {
    let mirror = try DebianMirror.find(root: root)
    let state = try asGuest { () throws(SubjectError) in
      try cache.subfolder("guests/apt/\(suite)")
    }
    let apt = try PrivateApt(
      tools: tools, folder: state,
      lists: .foreign(sources: Self.sources(suite: suite, mirror: mirror), suite: suite))
    let lock = try await PrivateApt.lock(state, progress: progress)
    defer { withExtendedLifetime(lock) {} }
    let refusal: GuestError
    do {
      return try await fetchVouched(wanted, apt, into: folder)
    } catch {
      refusal = error
    }
    let pinned = pins.packages(of: suite, for: wanted)
    guard refusal.isAboutMissing, !pinned.isEmpty, !Task.isCancelled else { throw refusal }
    if !hasToldRefusal {
      progress("\(refusal.message); using the packages that this program knows by their SHA-256")
    }
    hasToldRefusal = true
    var packages: [Package] = []
    for pin in pinned {
      progress(
        "downloading \(pin.name) \(pin.version) (\(PackageRecord.megabytes(pin.bytes)))")
      let path = try await apt.download(pin, from: mirror.archive, into: folder)
      packages.append(Package(name: pin.name, version: pin.version, path: path))
    }
    return packages
  }

  private func fetchVouched(
    _ wanted: WantedPackage, _ apt: PrivateApt, into folder: String
  ) async throws(GuestError) -> [Package] {
    if case .unasked = answer {
      progress("fetching the package lists of Debian's \(suite)")
      answer = try await apt.update().map { .refused(said: $0) } ?? .vouched
    }
    if case .refused(let said) = answer {
      if said.contains("does not have a Release file") {
        throw GuestError(
          message: "this machine's mirror of Debian has no suite \(suite)",
          advice: "name one that has riscv64, e.g. trixie or sid")
      }
      throw .apt("apt cannot vouch for Debian's \(suite)", said: said)
    }
    let records = try await records(of: wanted, apt)
    let bytes = records.reduce(0) { $0 + $1.bytes }
    progress(
      "downloading \(records[0].name) \(records[0].version) of Debian's \(suite)"
        + " (\(PackageRecord.megabytes(bytes)))")
    let paths = try await apt.download(records, into: folder)
    return zip(records, paths).map { Package(name: $0.name, version: $0.version, path: $1) }
  }

  /// The packages with the wanted files: those that the naming package leads to.
  private func records(
    of wanted: WantedPackage, _ apt: PrivateApt
  ) async throws(GuestError) -> [PackageRecord] {
    guard let root = try await apt.record(of: wanted.root) else {
      throw GuestError(
        message: "Debian's \(suite) has no \(wanted.noun) for riscv64 (\(wanted.root))",
        advice: "name a suite that has riscv64, e.g. trixie or sid", isAboutMissing: true)
    }
    var found: [PackageRecord] = []
    var waiting = root.depends.filter(wanted.isFollowed)
    while let name = waiting.popLast() {
      guard !found.contains(where: { $0.name == name }), let record = try await apt.record(of: name)
      else { continue }
      found.append(record)
      waiting += record.depends.filter(wanted.isFollowed)
    }
    // A package that only depends on others holds no files itself.
    return found.isEmpty ? [root] : found
  }
}
