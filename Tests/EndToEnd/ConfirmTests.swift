// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import enum Machine.ExitStatus
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Lab
@testable import Machine
@testable import Port
@testable import Reports

/// The parts of `mhpcheck confirm` that need no guest.
@Suite("A confirmation")
struct ConfirmTests {
  @Test(
    "is refused with one line and status 2 if the command line is wrong",
    arguments: [
      (["--case", "no-such-case"], "nearest are"), (["--kernel", "trixie"], "debian:SUITE"),
      (["--kernel", "debian:"], "debian:SUITE"), (["--kernel", "debian:../../x"], "debian:SUITE"),
      (["--kernel", "debian:Trixie sid"], "debian:SUITE"), (["--image", "Image"], "--modules"),
      (["--modules", "lib/modules"], "--image"),
      (["--kernel", "debian:sid", "--image", "a", "--modules", "b"], "leave one out"),
      (["--mode", "sv32"], "sv39"), (["--jobs", "0"], "--jobs"),
      (["--json", "-", "--html", "-"], "standard output"), (["surplus"], "surplus"),
      (["--short", "--case", "linear/one-gib"], "--short"),
    ] as [([String], String)])
  func wrongUsage(arguments: [String], words: String) async throws {
    try await Program.run(["confirm"] + arguments).isOneLine(status: 2, mentions: [words])
  }

  @Test("suggests the case that a mistyped name meant, and escapes control characters")
  func nearest() async throws {
    let id = try #require(ConfirmCases.all.first?.id)
    try await Program.run(["confirm", "--case", "\(id)\u{1b}[2Jx"]).isOneLine(
      status: 2, mentions: [id, "\\u{1B}[2Jx", "--list"])
  }

  @Test("lists the requested cases, each in a line with id, modes and purpose")
  func list() async throws {
    let outcome = try await Program.run(["confirm", "--list"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.testDescription)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == ConfirmCases.all.count)
    for (line, confirmCase) in zip(lines, ConfirmCases.all) {
      let modes = confirmCase.modes ?? ["sv39", "sv48", "sv57"]
      #expect(line.hasPrefix("\(confirmCase.id)  \(modes.joined(separator: " "))  "))
      #expect(line.hasSuffix(confirmCase.purpose))
    }
    let short = try await Program.run(["confirm", "--list", "--short", "--mode", "sv57"])
    let named: [String] = short.output.split(separator: "\n").map { line in
      String(line.prefix { $0 != " " })
    }
    let asked: [ConfirmCase] = ConfirmCases.all.filter(\.isShort).filter { one in
      one.modes.map { $0.contains("sv57") } ?? true
    }
    #expect(named == asked.map(\.id))
    #expect(!short.output.contains("sv39 "))
  }

  @Test("of an image or modules that cannot be read exits with status 3 and fetches nothing")
  func unreadable() async throws {
    let folder = try PrivateFolder()
    let image = try folder.write("Image", "x")
    let empty = try folder.write("empty", "")
    let modules = try folder.folder("modules")
    let missing = folder.file("missing")
    let wrong: [(image: String, modules: String, word: String)] = [
      (missing, modules, missing), (modules, modules, "is a folder"), (empty, modules, "is empty"),
      (image, modules, "contains no modules"), (image, missing, missing), (image, image, image),
      ("/dev/zero", modules, "regular file"),
    ]
    for (image, modules, word) in wrong {
      try await Program.run(
        ["confirm", "--image", image, "--modules", modules, "--skip-missing"]
      ).isOneLine(status: 3, mentions: [word])
    }
  }

  @Test("refuses to keep its files in a folder that is not empty")
  func keep() async throws {
    let folder = try PrivateFolder()
    try folder.write("kept/console.log", "mine")
    try await Program.run(["confirm", "--keep", folder.file("kept")]).isOneLine(
      status: 2, mentions: ["not an empty folder"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("kept")).count == 1)
  }

  @Test("that cannot start exits with status 4 and one line, and its JSON says why")
  func impossible() async throws {
    let folder = try PrivateFolder()
    let json = folder.file("confirm.json")
    let outcome = try await Program.run(
      ["confirm", "--short", "--json", json],
      environment: ["PATH": folder.path, "MHPCHECK_CACHE": try folder.folder("cache")])
    let line = outcome.isOneLine(status: 4)
    let data = try #require(FileManager.default.contents(atPath: json))
    let object = try #require(try JSONDecoder().decode(JSON.self, from: data).object)
    #expect(object["schema"]?.string == "mhpcheck.confirm/1")
    #expect(object["cases"]?.array?.isEmpty == true)
    let why = try #require(object["error"]?.string)
    #expect(line.contains(why), "\(line)")
  }

  @Test("with --skip-missing names what is missing on standard output, and succeeds")
  func skipsMissing() async throws {
    let folder = try PrivateFolder()
    for quiet in [[], ["--quiet"]] as [[String]] {
      let outcome = try await Program.run(
        ["confirm", "--short", "--skip-missing"] + quiet,
        environment: ["PATH": folder.path, "MHPCHECK_CACHE": try folder.folder("cache")])
      #expect(outcome.status == 0, "\(outcome.testDescription)")
      #expect(outcome.output.hasPrefix("debian:trixie: 0 of "), "\(outcome.output)")
      #expect(outcome.output.contains("\nskipped: ") == quiet.isEmpty, "\(outcome.output)")
    }
  }

  @Test("derives its exit status from its cases: all agree, one differs, one was skipped")
  func statuses() throws {
    let confirmCase = try #require(ConfirmCases.all.first)
    func status(_ statuses: [ConfirmedCase.Status], skipsMissing: Bool = false)
      -> ExitStatus
    {
      ConfirmReport(
        kernel: "k", release: nil, machine: "m",
        cases: statuses.map {
          ConfirmedCase(confirmCase: confirmCase, mode: "sv39", status: $0, seconds: 1)
        }, seconds: 1
      ).status(skipsMissing: skipsMissing)
    }
    #expect(status([.agrees, .agrees]) == .conforms)
    #expect(status([.agrees, .disagrees]) == .differs)
    #expect(status([.agrees, .skipped("x")]) == .incomplete)
    #expect(status([.disagrees, .skipped("x")]) == .incomplete)
    // A virtual machine was available, so only the guest itself can be at fault.
    #expect(status([.agrees, .skipped("x")], skipsMissing: true) == .incomplete)
    #expect(status([.skipped("x")], skipsMissing: true) == .incomplete)
  }

  @Test("that is skipped says so on standard output, for every requested case")
  func skipped() {
    let mode = Architecture.riscv.modes[2]
    let request = ConfirmRequest(kernel: .debian(suite: "sid"), modes: [mode], jobs: 1)
    let report = request.skipped(because: "no qemu-system-riscv64; apt-get install it")
    #expect(report.cases.count == request.turns.count && !report.cases.isEmpty)
    #expect(Set(report.cases.map(\.mode)) == ["sv57"])
    #expect(report.status(skipsMissing: true) == .conforms)
    let text = TextPrinter(style: TextStyle(isColoured: false)).print(
      ConfirmDocument.of(report, tool: "1"))
    #expect(text.contains("\nskipped: no qemu-system-riscv64; apt-get install it ("))
  }

  @Test("appears on the HTML page of a check with --confirmed, and in no other output")
  func onPage() async throws {
    let folder = try PrivateFolder()
    let confirmCase = try #require(ConfirmCases.all.first)
    let report = ConfirmReport(
      kernel: "debian:sid", release: "7.2.13", machine: "QEMU 7.2.22",
      cases: [
        ConfirmedCase(confirmCase: confirmCase, mode: "sv57", status: .agrees, seconds: 4)
      ], seconds: 4)
    let known = try folder.write("known.json", JSONRenderer().render(report, tool: "0.1.0"))
    let page = folder.file("page.html")
    let check = ["check", "builtin", "--depth", "smoke", "--mode", "sv39", "--html", page]
    let outcome = try await Program.run(check + ["--confirmed", known])
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    let text = try String(contentsOf: URL(filePath: page), encoding: .utf8)
    #expect(text.contains("<code>debian:sid</code>: 1 of 1 case agrees"))
    try await Program.run(["check", "builtin", "--confirmed", known]).isOneLine(
      status: 2, mentions: ["--html"])
  }

  @Test(
    "from a file of another kind is refused with one line and status 3 before anything runs",
    arguments: [
      ("{}", "schema: missing"), ("int main(void);", "not JSON"),
      ("{\"schema\": \"mhpcheck.confirm/1\", \"x\": 1}", "unknown member \"x\""),
    ] as [(String, String)])
  func foreignFile(text: String, words: String) async throws {
    let folder = try PrivateFolder()
    let known = try folder.write("known.json", text)
    let page = folder.file("page.html")
    try await Program.run(["check", "builtin", "--html", page, "--confirmed", known]).isOneLine(
      status: 3, mentions: [known, words])
    #expect(!FileManager.default.fileExists(atPath: page))
  }

  @Test("of more than 16 MiB is refused")
  func largeFile() async throws {
    let folder = try PrivateFolder()
    let large = try folder.write(
      "large.json", [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1))
    try await Program.run(
      ["check", "builtin", "--html", folder.file("page.html"), "--confirmed", large]
    ).isOneLine(status: 3, mentions: [large, "larger than 16 MiB"])
  }

  @Test(
    "that is a device, a folder or missing gives exit status 3",
    arguments: ["/dev/zero", "/", "none"])
  func noFile(path: String) async throws {
    let folder = try PrivateFolder()
    try await Program.run(
      ["check", "builtin", "--html", folder.file("page.html"), "--confirmed", path]
    ).isOneLine(status: 3, mentions: [path])
  }
}
