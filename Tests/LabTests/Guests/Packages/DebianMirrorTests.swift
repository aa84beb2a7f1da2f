// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Testing

@testable import Lab
@testable import Subjects

@Suite("The machine's mirror of Debian")
struct DebianMirrorTests {
  let debian: FakeDebian
  private var root: String { debian.folder.file("root") }

  init() throws {
    debian = try FakeDebian()
    try debian.install("qemu-system-riscv64", "dtc")
  }

  private func release(_ text: String) throws {
    try debian.folder.write("root/etc/os-release", text)
  }

  /// The mirror, with the fake apt that names `targets`.
  private func mirror(_ targets: String) async throws -> DebianMirror {
    try debian.folder.write("targets", targets)
    return try await .find(root: root, tools: Tools(searchPath: [debian.folder.file("bin")]))
  }

  @Test("Other vendors' sources are not taken for Debian's mirror")
  func vendors() async throws {
    try release("ID=debian\nVERSION_CODENAME=\"trixie\"\n")
    try debian.folder.write("root/usr/share/keyrings/debian-archive-keyring.pgp")
    let mirror = try await mirror(
      """
      https://download.vendor.example/linux/debian/ trixie stable
      https://media.example/multi/ trixie main
      https://other.example/debian/ squeeze main
      cdrom://Debian/ trixie main
      https://flat.example/debian/ ./
      http://mirror.example/pub/debian/ trixie main
      http://mirror.example/pub/debian/ trixie-updates main
      http://mirror.example/pub/debian-security/ trixie-security main

      """)
    let keyring = "\(root)/usr/share/keyrings/debian-archive-keyring.pgp"
    #expect(
      mirror
        == DebianMirror(
          archive: "http://mirror.example/pub/debian",
          security: "http://mirror.example/pub/debian-security", keyring: keyring))
    #expect(
      mirror.sources(of: "sid")
        == "deb [arch=riscv64 signed-by=\(keyring)] http://mirror.example/pub/debian sid main\n")
  }

  @Test(
    "The first mirror of a list counts, and security updates also get their own suite's mirror")
  func mirrorList() async throws {
    try release("ID=debian\nVERSION_CODENAME=trixie\n")
    try debian.folder.write(
      "root/etc/apt/mirrors/debian.list", "\nhttps://first.example/debian/\thigh\nhttp://x\n")
    try debian.folder.write(
      "root/etc/apt/mirrors/security.list", "https://first.example/debian-security\n")
    let mirror = try await mirror(
      """
      mirror+file:/etc/apt/mirrors/none.list/ trixie main
      mirror+file:/etc/apt/mirrors/debian.list/ trixie main
      mirror+file:///etc/apt/mirrors/security.list/ trixie-security main

      """)
    #expect(
      mirror.sources(of: "trixie-security")
        == """
        deb [arch=riscv64] https://first.example/debian-security trixie-security main
        deb [arch=riscv64] https://first.example/debian trixie main

        """)
  }

  @Test("A machine without a Debian mirror gets an error that says so")
  func none() async throws {
    try release("ID=ubuntu\nVERSION_CODENAME=noble\n")
    try debian.folder.write("targets", "http://mirror.example/ubuntu/ noble main\n")
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(error.message == "this machine's apt sources name no mirror of Debian")
    #expect(error.isAboutMissing && error.advice != nil)
  }

  static let hasApt = (try? Tools(searchPath: nil).locate("apt-get", advice: "")) != nil

  @Test("The real apt reads sources in both formats, without package lists", .enabled(if: hasApt))
  func real() async throws {
    try release("ID=debian\nVERSION_CODENAME=trixie\n")
    try debian.folder.write(
      "root/etc/apt/sources.list.d/a.list",
      """
      # deb http://old.example/debian trixie main
      deb [ trusted=yes ] http://one.example/debian/ trixie main contrib # mine
      deb-src http://source.example/debian trixie main
      """)
    try debian.folder.write(
      "root/etc/apt/sources.list.d/b.sources",
      """
      Types: deb
      URIs: http://off.example/debian-security
      Suites: trixie-security
      Components: main
      Enabled: no

      Types: deb deb-src
      URIs: http://two.example/debian-security/
      Suites: trixie-security
      Components: main
      """)
    let mirror = try await DebianMirror.find(root: root, tools: Tools(searchPath: nil))
    #expect(
      mirror
        == DebianMirror(
          archive: "http://one.example/debian", security: "http://two.example/debian-security",
          keyring: nil))
    try debian.folder.write("root/etc/apt/sources.list.d/c.list", "deb broken\n")
    let error = await #expect(throws: Failure.self) {
      try await DebianMirror.find(root: root, tools: Tools(searchPath: nil))
    }
    let message = "this machine's apt sources cannot be read: Malformed entry 1 in list file"
    #expect(error?.message.hasPrefix(message) == true)
    #expect(error?.advice == "mend the file of /etc/apt that it names")
  }
}
