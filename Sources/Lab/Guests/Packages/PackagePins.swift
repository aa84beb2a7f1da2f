// SPDX-License-Identifier: GPL-2.0-only

import CEmbedded
import FoundationEssentials

/// Packages that guests were run from and whose digests are known (`pins.json`), for days on which a mirror's
/// indexes do not match Debian's signatures.
struct PackagePins: Codable, Hashable, Sendable {
  /// The version of the file's format.
  var schema: String
  /// The packages, in the order in which they are unpacked.
  var packages: [Pin]

  /// A package file with a known digest.
  struct Pin: Codable, Hashable, Sendable {
    /// The suite that had it.
    var suite: String
    var name: String
    var version: String
    /// The path below the archive's base address: `pool/...`.
    var path: String
    /// The size of the file in bytes.
    var bytes: Int
    /// The SHA-256 of the file, in hexadecimal.
    var sha256: String
  }

  /// The committed pins; a test checks that they can be read.
  static let committed: PackagePins =
    (try? JSONDecoder().decode(
      PackagePins.self, from: Data(String(cString: mhp_embedded_package_pins()).utf8)))
    ?? PackagePins(schema: "mhpcheck.pins/1", packages: [])

  /// The pinned packages of a suite that provide `wanted`.
  func packages(of suite: String, for wanted: WantedPackage) -> [Pin] {
    packages.filter { $0.suite == suite && wanted.hasPart(in: $0.name) }
  }
}
