// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Lab

@Suite("apt's sources")
struct PackageSourceTests {
  @Test("The older form is read: options, comments, slashes; sources of source packages are not")
  func lines() {
    let text = """
      # deb http://old.example/debian buster main
      deb [ arch=amd64 signed-by=/k/a.gpg ] http://one.example/debian/ bookworm main contrib # mine
      deb-src http://one.example/debian bookworm main
      \tdeb\thttps://two.example/debian-security  bookworm-security  main
      deb [broken http://x.example/debian bookworm main
      deb http://alone.example/debian
      """
    #expect(
      PackageSource.parse(lines: text) == [
        PackageSource(
          uri: "http://one.example/debian", suites: ["bookworm"], components: ["main", "contrib"],
          keyring: "/k/a.gpg"),
        PackageSource(
          uri: "https://two.example/debian-security", suites: ["bookworm-security"],
          components: ["main"], keyring: nil),
      ])
  }

  @Test("The newer form is read: continued fields, several addresses, paragraphs that are off")
  func paragraphs() {
    let text = """
      # first
      Types: deb deb-src
      URIs: http://one.example/debian
       http://two.example/debian/
      # a comment within
      Suites: trixie trixie-updates
      components: main
      Signed-By: /k/b.pgp

      Types: deb
      URIs: http://off.example/debian
      Suites: trixie
      Components: main
      Enabled: no

      Types: deb
      URIs: http://three.example/debian
      Suites: trixie
      Components: main
      Signed-By:
       -----BEGIN PGP PUBLIC KEY BLOCK-----
       .
       -----END PGP PUBLIC KEY BLOCK-----

      Types: deb-src
      URIs: http://source.example/debian
      Suites: trixie
      Components: main
      """
    let found = PackageSource.parse(paragraphs: text)
    #expect(
      found.map(\.uri) == [
        "http://one.example/debian", "http://two.example/debian", "http://three.example/debian",
      ])
    #expect(found.allSatisfy { $0.components == ["main"] })
    #expect(found.map(\.suites).first == ["trixie", "trixie-updates"])
    #expect(found.map(\.keyring) == ["/k/b.pgp", "/k/b.pgp", nil])
  }

  @Test("Other vendors' sources are not taken for Debian's mirror")
  func vendors() throws {
    let folder = try PrivateFolder()
    try folder.write("etc/os-release", "ID=debian\nVERSION_CODENAME=\"trixie\"\n")
    try folder.write(
      "etc/apt/sources.list.d/a.list",
      """
      deb https://download.vendor.example/linux/debian trixie stable
      deb https://media.example/multi trixie main
      deb https://other.example/debian squeeze main
      """)
    try folder.write(
      "etc/apt/sources.list.d/b.sources",
      """
      Types: deb
      URIs: http://mirror.example/pub/debian/
      Suites: trixie trixie-updates
      Components: main

      Types: deb
      URIs: http://mirror.example/pub/debian-security/
      Suites: trixie-security
      Components: main
      """)
    try folder.write(
      "etc/apt/sources.list.d/c.list.save", "deb http://no.example/debian trixie main")
    try folder.write("usr/share/keyrings/debian-archive-keyring.pgp")
    let mirror = try DebianMirror.find(root: folder.path)
    #expect(mirror.archive == "http://mirror.example/pub/debian")
    #expect(mirror.security == "http://mirror.example/pub/debian-security")
    #expect(mirror.keyring == "\(folder.path)/usr/share/keyrings/debian-archive-keyring.pgp")
    #expect(
      SuiteRepository.sources(suite: "sid", mirror: mirror)
        == "deb [arch=riscv64 signed-by=\(mirror.keyring ?? "")] http://mirror.example/pub/debian"
        + " sid main\n")
  }

  @Test(
    "A list of mirrors stands for its first; security updates have the suite that they are for beside them"
  )
  func mirrorList() throws {
    let folder = try PrivateFolder()
    try folder.write("etc/os-release", "ID=debian\nVERSION_CODENAME=trixie\n")
    try folder.write(
      "etc/apt/mirrors/debian.list", "https://first.example/debian/\thigh\nhttp://x\n")
    try folder.write("etc/apt/mirrors/security.list", "https://first.example/debian-security\n")
    try folder.write(
      "etc/apt/sources.list",
      """
      deb mirror+file:///etc/apt/mirrors/debian.list trixie main
      deb mirror+file:/etc/apt/mirrors/security.list trixie-security main
      deb cdrom:[Debian]/ trixie main
      """)
    let mirror = try DebianMirror.find(root: folder.path)
    #expect(
      SuiteRepository.sources(suite: "trixie-security", mirror: mirror)
        == """
        deb [arch=riscv64] https://first.example/debian-security trixie-security main
        deb [arch=riscv64] https://first.example/debian trixie main

        """)
  }

  @Test("A machine without a mirror of Debian is told so")
  func none() async throws {
    let folder = try PrivateFolder()
    try folder.write("etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n")
    try folder.write("etc/apt/sources.list", "deb http://mirror.example/ubuntu noble main\n")
    let error = await fetchFailure { _ = try DebianMirror.find(root: folder.path) }
    #expect(error.message == "this machine's apt sources name no mirror of Debian")
    #expect(error.isAboutMissing && error.advice != nil)
  }
}
