// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import Reports
@testable import mhpcheck

/// Checks the commands of explanations without running them.
@Suite("The commands in explanations")
struct CommandTests {
  private static let packageRoot = Repository.root.path

  @Test("are all accepted by the program", arguments: Explanation.Kind.allCases)
  func parse(_ kind: Explanation.Kind) throws {
    for id in Explanations.ids(kind) {
      for command in try #require(Explanations.find(id)).commands {
        let start = try #require(command.line.ranges(of: "mhpcheck ").last, "\(command.line)")
        let words = command.line[start.upperBound...].split(separator: " ").map(String.init)
        #expect(throws: Never.self, "\(command.line)") { try Mhpcheck.parseAsRoot(words) }
      }
    }
  }

  @Test("name only cases and files of the repository that exist")
  func names() throws {
    for kind in Explanation.Kind.allCases where kind != .case {
      for command in Explanations.ids(kind).compactMap({ Explanations.find($0) }).flatMap(
        \.commands)
      {
        let words = command.line.split(whereSeparator: { " ;".contains($0) }).map(String.init)
        if let place = words.firstIndex(of: "replay") {
          #expect(throws: Never.self) { try CatalogueCase.find(words[place + 1]) }
        }
        for word in words where word.hasSuffix(".patch") || word.hasSuffix(".inc") {
          #expect(FileManager.default.fileExists(atPath: "\(Self.packageRoot)/\(word)"), "\(word)")
        }
      }
    }
  }
}
