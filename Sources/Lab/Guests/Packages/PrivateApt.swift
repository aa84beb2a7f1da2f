// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

/// apt with its own state below the cache: it needs no root, installs nothing and changes nothing that the
/// machine's own apt sees.
struct PrivateApt: Sendable {
  private let tools: Tools
  private let get: String
  private let cache: String
  private let helper: String?
  private let options: [String]

  /// The options for every use: no hooks of the machine, because they may clean the machine's own folders; no
  /// other account for downloads, because it could not enter the user's folders; a failed index is an error.
  private static let common = """
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
    APT::Sandbox::User "root";
    APT::Update::Error-Mode "any";
    Acquire::Languages "none";
    Acquire::Retries "2";

    """

  /// The options for packages of riscv64 alone, as on a riscv64 machine with nothing installed.
  private static let foreign = """
    #clear APT::Architectures;
    APT::Architecture "riscv64";
    APT::Architectures { "riscv64"; };
    Dir::Etc::SourceParts "/dev/null";
    Dir::Etc::Preferences "/dev/null";
    Dir::Etc::PreferencesParts "/dev/null";

    """

  /// The sources and lists that apt uses.
  enum Lists: Hashable, Sendable {
    /// The packages for riscv64 of the given sources (the text of a sources.list); `suite` comes first.
    case foreign(sources: String, suite: String)
    /// The machine's own lists, unchanged.
    case machine
    /// The machine's own sources, with private lists.
    case refreshed
  }

  /// apt with its state in `folder`; throws if apt is missing or the folder cannot be written.
  init(tools: Tools, folder: String, lists: Lists) throws(GuestError) {
    self.tools = tools
    get = try Self.locate("apt-get", tools)
    cache = try Self.locate("apt-cache", tools)
    helper = Tools(searchPath: tools.searchPath + ["/usr/lib/apt"]).optional("apt-helper")
    var text = Self.common
    var options = [
      "-c", "\(folder)/apt.conf", "-o", "Dir::Cache=\(folder)/cache",
      "-o", "Dir::Cache::archives=\(folder)/cache/archives",
    ]
    for name in ["lists/partial", "cache/archives/partial"] {
      try VersionedFolder.create("\(folder)/\(name)")
    }
    switch lists {
    case .foreign(let sources, let suite):
      text += Self.foreign
      try VersionedFolder.write(Array(sources.utf8), to: "\(folder)/sources.list")
      try VersionedFolder.write([], to: "\(folder)/status")
      options += [
        "-o", "Dir::State::lists=\(folder)/lists", "-o", "Dir::State::status=\(folder)/status",
        "-o", "Dir::Etc::SourceList=\(folder)/sources.list", "-o", "APT::Default-Release=\(suite)",
      ]
    case .machine: break
    case .refreshed: options += ["-o", "Dir::State::lists=\(folder)/lists"]
    }
    self.options = options
    // Paths are options, because they can hold characters with a meaning in apt's configuration language.
    try VersionedFolder.write(Array(text.utf8), to: "\(folder)/apt.conf")
  }

  static func locate(_ name: String, _ tools: Tools) throws(GuestError) -> String {
    try asGuest(isAboutMissing: true) { () throws(SubjectError) in
      try tools.locate(
        name, advice: "guests are fetched with Debian's apt: run on a Debian system")
    }
  }

  /// Keeps other processes from the state in `folder` until the lock is released: apt does not wait, it
  /// fails.
  static func lock(
    _ folder: String, progress: (String) -> Void
  ) async throws(GuestError) -> FileLock {
    do {
      return try await FileLock.acquire("\(folder)/lock") {
        progress("waiting for another run that uses apt")
      }
    } catch {
      throw GuestError(error)
    }
  }

  /// Fetches the indexes; returns apt's errors if apt cannot verify all of them.
  func update() async throws(GuestError) -> String? {
    let outcome = try await tools.runForGuest(get, options + ["-q", "update"])
    return outcome.status.isSuccess ? nil : outcome.errors
  }

  /// The record of a package in the indexes; nil if they have no package of this name.
  func record(of name: String) async throws(GuestError) -> PackageRecord? {
    let outcome = try await tools.runForGuest(
      cache, options + ["show", "--no-all-versions", "--", name])
    return outcome.status.isSuccess ? PackageRecord.parse(shown: outcome.text) : nil
  }

  /// The packages that an installation of `names` would add here; apt only computes them.
  func closure(of names: [String]) async throws(GuestError) -> [PackageRecord] {
    let outcome = try await tools.runForGuest(
      get,
      options + ["-q", "--print-uris", "-y", "--no-install-recommends", "install", "--"] + names)
    guard outcome.status.isSuccess else {
      throw .apt(
        "\(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") not available",
        said: outcome.errors)
    }
    return PackageRecord.parse(uris: outcome.text)
  }

  /// Downloads packages into `folder` and returns their paths; apt checks them against its signed indexes.
  func download(
    _ records: [PackageRecord], into folder: String
  ) async throws(GuestError) -> [String] {
    let outcome = try await tools.runForGuest(
      get, options + ["-q", "download", "--"] + records.map(\.argument), folder: folder)
    guard outcome.status.isSuccess else {
      let subject = records.count == 1 ? records[0].name : "\(records.count) packages"
      throw .apt("\(subject) could not be downloaded", said: outcome.errors)
    }
    let names = VersionedFolder.names(in: folder).filter { $0.hasSuffix(".deb") }
    var paths: [String] = []
    for record in records {
      guard let name = names.first(where: { $0.hasPrefix("\(record.name)_") }) else {
        throw .apt("\(record.name) was not downloaded", said: outcome.errors)
      }
      paths.append("\(folder)/\(name)")
    }
    return paths
  }

  /// Downloads one file with a known digest into `folder`; apt-helper checks the digest.
  func download(
    _ pin: PackagePins.Pin, from archive: String, into folder: String
  ) async throws(GuestError) -> String {
    guard let helper else {
      throw GuestError(
        message: "apt-helper was not found on PATH or in /usr/lib/apt", advice: "install apt",
        isAboutMissing: true)
    }
    let path = "\(folder)/\(pin.name).deb"
    let outcome = try await tools.runForGuest(
      helper,
      options + ["-q", "download-file", "\(archive)/\(pin.path)", path, "SHA256:\(pin.sha256)"])
    guard outcome.status.isSuccess, InputFile.kind(of: path) == .regular else {
      throw .apt("\(pin.name) could not be downloaded", said: outcome.errors)
    }
    return path
  }
}

extension Tools {
  /// The path of the program `name`; nil if it is not there.
  func optional(_ name: String) -> String? { try? locate(name, advice: "") }
}
