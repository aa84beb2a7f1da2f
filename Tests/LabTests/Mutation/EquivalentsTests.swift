// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab

@Suite("The list of equivalent mutants") struct EquivalentsTests {
  private static let made = Equivalents(texts: [
    .init(
      subject: "a.c",
      functions: [.init(name: "f", fingerprint: "1", mutants: ["f/drop/1": "It does nothing."])])
  ])

  private func mutant(fingerprint: String) throws -> Mutant {
    let first = try #require(
      Mutant.mutants(of: try Subject.extraction(Subject.text("\ta();"))).first)
    return Mutant(
      id: "f/drop/1", function: "f", operation: .drop, edits: first.edits,
      position: first.position, diff: first.diff, fingerprint: fingerprint)
  }

  @Test("is committed and readable, and has one argument in a sentence for each mutant")
  func committed() {
    let texts = Equivalents.committed.texts
    #expect(texts.map(\.subject) == ["builtin", "debian:linux-source-6.12"])
    for text in texts {
      #expect(Set(text.functions.map(\.name)).count == text.functions.count)
      for function in text.functions {
        #expect(function.fingerprint.count == 16)
        for (id, reason) in function.mutants {
          #expect(id.hasPrefix(function.name + "/"))
          #expect(reason.hasSuffix(".") && reason.count > 30, "\(id): \(reason)")
        }
      }
    }
  }

  @Test("applies only to the text that an argument is about")
  func sameText() throws {
    #expect(Self.made.reason(for: try mutant(fingerprint: "1")) == "It does nothing.")
    #expect(Self.made.reason(for: try mutant(fingerprint: "2")) == nil)
  }

  @Test("is searched by the name and by the text of a subject")
  func entries() {
    #expect(Self.made.entries(for: "b.c", fingerprints: ["1"]).map(\.isSameText) == [true])
    #expect(Self.made.entries(for: "a.c", fingerprints: []).map(\.isSameText) == [false])
    #expect(Self.made.entries(for: "b.c", fingerprints: []).isEmpty)
  }

  @Test("that is malformed is an error") func broken() {
    #expect(throws: (any Error).self) { try Equivalents(json: Data("{}".utf8)) }
  }
}
