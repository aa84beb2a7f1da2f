// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Subjects

@Suite("The output of apt")
struct AptTests {
  private static let advice = Apt.Advice(
    missing: "no apt", outdated: "too old", unreachable: "no network")

  @Test("File names that apt would fetch are read with their epochs, and other lines are ignored")
  func uris() {
    let files = Apt.files(
      in: """
        Reading package lists...
          gstreamer1.0-plugins-good
        'http://m.example/q_7.2%2bdfsg-7_amd64.deb' qemu-x_1%3a7.2+dfsg-7_amd64.deb 46166984 MD5Sum:0
        'http://m.example/o.deb' opensbi_1.1-2_all.deb 82240
        'http://m.example/o.deb' ../../etc_1_all.deb 1
        'http://m.example/o.deb' short.deb 1
        'http://m.example/o.deb' cut_1_all.deb
        """)
    #expect(files.map(\.name) == ["qemu-x", "opensbi"])
    #expect(files.map(\.version) == ["1:7.2+dfsg-7", "1.1-2"])
    #expect(files.map(\.bytes) == [46_166_984, 82240])
  }

  @Test("The dependencies of a package are read without the relations that lead to them")
  func closure() async throws {
    let scratch = try PrivateFolder()
    try scratch.script("bin/apt-get", "exit 1")
    try scratch.script(
      "bin/apt-cache",
      """
      [ "$*" = "depends --recurse --important -- known" ] || exit 100
      printf 'known\\n  Depends: part\\n |Depends: <other>\\n    third\\n<other>\\npart\\n'
      """)
    let apt = try Apt(tools: Tools(searchPath: ["\(scratch.path)/bin"]), advice: Self.advice)
    #expect(try await apt.closure(of: "known") == ["known", "part"])
    #expect(try await apt.closure(of: "unknown") == [])
  }

  @Test(
    "apt's reason becomes one line with a remedy",
    arguments: [
      ("W: x\nE: Failed to fetch http://x/y.deb  404  Not Found\nE: z\n", "too old", true),
      ("E: Failed to fetch http://x  Temporary \u{1b}failure\tresolving 'x'\n", "no network", true),
      ("E: x  File has unexpected size (1 != 2).", "try again later", true),
      ("E: Failed to fetch x  Hash Sum mismatch\n", "try again later", true),
      ("W: NO_PUBKEY 1\nE: The repository 'x' is not signed.", "debian-archive-keyring", true),
      ("E: Malformed entry 1\nE: The list of sources could not be read.", "mend", true),
      ("E: You don't have enough free space in /c/.\n", "make room", false),
      ("W: x\ncat: write error: No space left on device\n", "make room", false),
    ] as [(String, String, Bool)])
  func refusals(said: String, advice: String, isAboutMissing: Bool) {
    let error = Apt.refusal("p could not be downloaded", said: said, advice: Self.advice)
    #expect(error.message.hasPrefix("p could not be downloaded: "))
    #expect(!error.message.contains { $0.isNewline || $0 == "\u{1b}" || $0 == "\t" })
    #expect(!error.message.contains("E: "))
    #expect(error.advice?.contains(advice) == true)
    #expect(error.isAboutMissing == isAboutMissing)
  }

  @Test(
    "Sizes are given in megabytes",
    arguments: [(112_012_420, "112 MB"), (941_532, "0.9 MB"), (9_937_196, "9.9 MB"), (0, "0.0 MB")]
      as [(Int, String)])
  func megabytes(bytes: Int, text: String) {
    #expect(Apt.megabytes(bytes) == text)
  }
}
