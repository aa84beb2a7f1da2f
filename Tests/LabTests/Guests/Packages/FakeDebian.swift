// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import Synchronization
import TestSupport
import Testing

@testable import Lab

/// A machine and a mirror for one test: shell scripts in place of apt and dpkg, packages that are tar files,
/// and a configuration of apt. Nothing touches the real machine.
final class FakeDebian: Sendable {
  let folder: PrivateFolder
  private let said = Mutex<[String]>([])

  /// The lines of progress so far.
  var progress: [String] { said.withLock { $0 } }
  var cache: String { "\(folder.path)/cache" }

  init() throws {
    folder = try PrivateFolder()
    let path = folder.path
    try folder.write("targets", "http://mirror.example/debian/ bookworm main\n")
    try folder.program(
      "apt-get",
      """
      echo "$*" >> \(path)/apt.log
      case "$*" in
        *" indextargets "*) exec /bin/cat \(path)/targets ;;
        *" update")
          [ -f \(path)/update.errors ] || exit 0
          /bin/cat \(path)/update.errors >&2
          exit 100 ;;
        *" install "*) exec /bin/cat \(path)/uris ;;
      esac
      all=$*
      while [ "$1" != -- ]; do shift; done
      shift
      for wanted; do
        name=${wanted%%=*}
        case "$all" in
          *--print-uris*) /bin/cat \(path)/records/$name ;;
          *) /bin/cp \(path)/debs/${name}_* . ;;
        esac || { echo "E: 404 Not Found" >&2; exit 100; }
      done
      """)
    try folder.program(
      "apt-cache",
      """
      while [ "$1" != -- ]; do shift; done
      [ -f "\(path)/records/$2" ] || { echo "E: No packages found" >&2; exit 100; }
      cd \(path)/records
      for name in *; do
        echo "$name"
        echo "  Depends: <virtual>"
      done
      echo "<virtual>"
      """)
    try folder.program(
      "dpkg-deb",
      """
      [ "$1" = -x ] || exit 2
      /bin/mkdir -p "$3" && exec /bin/tar -xf "$2" -C "$3"
      """)
    try folder.program(
      "apt-helper",
      """
      while [ "$1" != download-file ]; do shift; done
      sum=$(/usr/bin/sha256sum < "\(path)/debs/${2##*/}") || { echo "E: 404" >&2; exit 100; }
      [ "SHA256:${sum%% *}" = "$4" ] || { echo "E: Hash Sum mismatch" >&2; exit 100; }
      exec /bin/cp "\(path)/debs/${2##*/}" "$3"
      """)
  }

  /// Installs programs, which then need not be fetched.
  func install(_ programs: String...) throws {
    for program in programs { try folder.program(program, "echo \(program) 1") }
  }

  /// Makes apt refuse all indexes with this message.
  func refuse(_ words: String) throws { try folder.write("update.errors", words) }

  /// Puts a package into the mirror and, unless `isHidden`, into the index. For the fake apt, every package
  /// depends on all others.
  func add(
    _ name: String, _ version: String, isHidden: Bool = false, files: [String: [UInt8]] = [:]
  ) async throws {
    try folder.write("trees/\(name)/usr/share/doc/\(name)/x", "x")
    for (path, bytes) in files { try folder.write("trees/\(name)/\(path)", bytes) }
    let file = "\(name)_\(version.replacing(":", with: "%3a"))_x.deb"
    try folder.write("debs/\(file)")
    try await run("/bin/tar", "-C", "trees/\(name)", "-cf", "debs/\(file)", ".")
    guard !isHidden else { return }
    try folder.write("records/\(name)", "'http://m.example/\(file)' \(file) 1200000 SHA256:0\n")
  }

  /// The SHA-256 of a package in the mirror, from coreutils.
  func digest(_ file: String) async throws -> String {
    String(try await run("/usr/bin/sha256sum", "debs/\(file)").prefix(64))
  }

  @discardableResult
  func run(_ program: String, _ arguments: String...) async throws -> String {
    let result = try await Subprocess.run(
      .path(.init(program)), arguments: Arguments(arguments),
      workingDirectory: .init(folder.path), output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    try #require(result.terminationStatus.isSuccess, "\(program): \(result.standardError)")
    return result.standardOutput
  }

  /// The packages of this machine, optionally with other folders in PATH.
  func packages(
    pins: [PackagePins.Pin] = [], searchPath: [String]? = nil, cache: String? = nil
  ) -> GuestPackages {
    GuestPackages(
      cacheFolder: cache ?? self.cache, searchPath: searchPath ?? ["\(folder.path)/bin"],
      root: "\(folder.path)/root", pins: PackagePins(schema: "mhpcheck.pins/1", packages: pins)
    ) { line in
      self.said.withLock { $0.append(line) }
    }
  }

  /// Puts a kernel like trixie's, with image and modules in one package, and a busybox into the mirror.
  func addTrixie(isHidden: Bool = false) async throws {
    let modules = "usr/lib/modules/6.12-x/kernel"
    try await add("linux-image-riscv64", "6.12-1", isHidden: isHidden)
    try await add(
      "linux-image-6.12-x", "6.12-1", isHidden: isHidden,
      files: [
        "boot/vmlinux-6.12-x": Made.image, "boot/config-6.12-x": Array("CONFIG_X=y\n".utf8),
        "boot/System.map-6.12-x": [0x30],
        "\(modules)/drivers/nvdimm/libnvdimm.ko.xz": [1],
        "\(modules)/drivers/nvdimm/of_pmem.ko.xz": [2],
        "\(modules)/drivers/nvdimm/nd_pmem.ko.xz": [3],
        "\(modules)/drivers/dax/kmem.ko.xz": [4], "\(modules)/drivers/net/e1000.ko.xz": [5],
        "usr/lib/modules/6.12-x/modules.builtin": [],
      ])
    try await addBusybox(isHidden: isHidden)
  }

  func addBusybox(isHidden: Bool = false) async throws {
    try await add(
      "busybox-static", "1:1.37-1", isHidden: isHidden, files: ["usr/bin/busybox": Made.busybox])
  }
}

/// Made-up files with valid headers.
enum Made {
  /// A header of RISC-V's Image: 64 bytes, the second magic number "RSC\x05" at 0x38.
  static let image: [UInt8] = {
    var bytes = [UInt8](repeating: 0, count: 96)
    bytes.replaceSubrange(0x38..<0x3c, with: Array("RSC".utf8) + [5])
    return bytes
  }()

  /// The start of a 64-bit ELF file for machine 243.
  static let busybox: [UInt8] = {
    var bytes = [UInt8](repeating: 0, count: 64)
    bytes.replaceSubrange(0..<5, with: [0x7f, 0x45, 0x4c, 0x46, 2])
    bytes[18] = 243
    return bytes
  }()

  /// An EFI program that unpacks the payload after its header.
  static func zboot(_ compression: String, payload: [UInt8], size: Int? = nil) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xff) } }
    let type = Array(compression.utf8) + [UInt8](repeating: 0, count: 8 - compression.utf8.count)
    let start = Array("MZ\0\0zimg".utf8) + word(64) + word(size ?? payload.count)
    return start + [UInt8](repeating: 0, count: 8) + type + [UInt8](repeating: 0, count: 32)
      + payload
  }
}
