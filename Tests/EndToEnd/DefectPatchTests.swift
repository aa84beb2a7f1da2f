// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@Suite("The patches of this repository")
struct DefectPatchTests {
  private static func patch(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "patches")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  private static let reference = "0001-riscv-mm-add-memory-hotplugging-support.patch"

  @Test("add a reference that conforms when it is read as a patch") func reference() async throws {
    let report = try await CheckReport.of("-", input: try Self.patch(Self.reference), status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.functions("identical").count == 14)
  }

  @Test(
    "undo one fix each, on top of the reference, and the verdict names that fix",
    arguments: ["21f1b85c8912", "a0188cc13369"])
  func undone(commit: String) async throws {
    let series = try Self.patch(Self.reference) + Self.patch("defects/undo-\(commit).patch")
    let report = try await CheckReport.of("-", input: series, status: 1)
    #expect(report.verdict == "missing-fixes")
    #expect(report.missingFixes == [commit])
  }

  @Test("undo both fixes in either order") func both() async throws {
    for order in [["21f1b85c8912", "a0188cc13369"], ["a0188cc13369", "21f1b85c8912"]] {
      let series = try order.reduce(into: try Self.patch(Self.reference)) { text, commit in
        text += try Self.patch("defects/undo-\(commit).patch")
      }
      let report = try await CheckReport.of("-", input: series, status: 1)
      #expect(report.missingFixes == ["21f1b85c8912", "a0188cc13369"], "\(order)")
    }
  }
}
