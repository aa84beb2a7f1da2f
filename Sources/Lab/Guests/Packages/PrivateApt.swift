// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// apt with its own state below the cache: it needs no root and changes nothing that the machine's own apt
/// sees. Its lists are fetched before its first use.
final class PrivateApt {
  private let place: String
  private let packages: GuestPackages
  private var updated: String?
  private var refusal: Failure?

  static let advice = Apt.Advice(
    missing: "guests are fetched with Debian's apt: run on a Debian system",
    outdated: "the mirror no longer has that version: try again later or name another suite",
    unreachable: "check the network and the proxy settings")

  /// No hooks of the machine, because they may clean the machine's own folders; no other account for
  /// downloads, because it could not enter the user's folders; a failed index is an error.
  private static let settings = """
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
    APT::Sandbox::User "root";
    APT::Update::Error-Mode "any";
    Acquire::Languages "none";
    Acquire::Retries "2";

    """

  /// Packages of riscv64 alone, as on a riscv64 machine with nothing installed.
  private static let riscv64 = """
    #clear APT::Architectures;
    APT::Architecture "riscv64";
    APT::Architectures { "riscv64"; };
    Dir::Etc::SourceParts "/dev/null";
    Dir::Etc::Preferences "/dev/null";
    Dir::Etc::PreferencesParts "/dev/null";

    """

  /// apt with its state in the folder `place` of guests' files.
  init(place: String, packages: GuestPackages) {
    self.place = "guests/apt/\(place)"
    self.packages = packages
  }

  /// Calls `body` with apt while no other process uses the same state, and with the error if apt could not
  /// fetch or verify all lists: those of this machine, or of `suite` from `sources` (the text of a
  /// sources.list). `noun` and `subject` name them in progress and errors.
  func use<Value>(
    _ noun: String, suite: (name: String, sources: String)? = nil, else subject: String,
    _ body: (Apt, _ refusal: Failure?) async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let folder = try packages.cache.subfolder(place)
    // apt itself does not wait for another one, it fails.
    let lock = try await FileLock.acquire("\(folder)/lock") {
      packages.progress("waiting for another run that uses apt")
    }
    defer { withExtendedLifetime(lock) {} }
    let apt = try configured(folder, suite)
    // An error names what the lists were fetched for.
    if updated == nil || refusal != nil && updated != subject {
      packages.progress("fetching the package lists of \(noun)")
      refusal = nil
      do throws(Failure) {
        try await apt.get(["update"], else: subject)
      } catch {
        refusal = error
      }
      updated = subject
    }
    return try await body(apt, refusal)
  }

  private func configured(
    _ folder: String, _ suite: (name: String, sources: String)?
  ) throws(Failure) -> Apt {
    for name in ["lists/partial", "cache/archives/partial"] {
      try VersionedFolder.create("\(folder)/\(name)")
    }
    var settings = Self.settings
    // Paths are options, because they can hold characters with a meaning in apt's configuration language.
    var options = ["Dir::Cache=\(folder)/cache", "Dir::State::lists=\(folder)/lists"]
    options.append("Dir::Cache::archives=\(folder)/cache/archives")
    if let suite {
      settings += Self.riscv64
      try VersionedFolder.write(Array(suite.sources.utf8), to: "\(folder)/sources.list")
      try VersionedFolder.write([], to: "\(folder)/status")
      options += [
        "Dir::State::status=\(folder)/status", "Dir::Etc::SourceList=\(folder)/sources.list",
        "APT::Default-Release=\(suite.name)",
      ]
    }
    try VersionedFolder.write(Array(settings.utf8), to: "\(folder)/apt.conf")
    return try Apt(
      tools: packages.tools,
      options: ["-c", "\(folder)/apt.conf"] + options.flatMap { ["-o", $0] },
      advice: Self.advice)
  }
}
