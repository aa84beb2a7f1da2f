// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// The packages that guests were run from and that are known by their digests (`pins.json`), for days on
/// which a mirror's indexes do not match what Debian signed.
struct PackagePins: Codable, Hashable, Sendable {
  /// The version of the file's form.
  var schema: String
  /// In the order in which they are unpacked.
  var packages: [Pin]

  /// A package file, known to the byte.
  struct Pin: Codable, Hashable, Sendable {
    /// The suite that it was in.
    var suite: String
    /// The package.
    var name: String
    /// Its version.
    var version: String
    /// Below the archive's begin: `pool/...`.
    var path: String
    /// The size of the file.
    var bytes: Int
    /// Of the file, in hexadecimal.
    var sha256: String
  }

  /// What is committed; a test holds that it can be read.
  static let committed: PackagePins =
    (try? JSONDecoder().decode(PackagePins.self, from: Data(PackageResources.pins_json)))
    ?? PackagePins(schema: "mhpcheck.pins/1", packages: [])

  /// The pinned packages of a suite that serve as `wanted`.
  func packages(of suite: String, for wanted: WantedPackage) -> [Pin] {
    packages.filter { $0.suite == suite && wanted.isServed(by: $0.name) }
  }
}
