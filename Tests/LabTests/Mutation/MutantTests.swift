// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab
@testable import Subjects

@Suite("A mutant") struct MutantTests {
  private static let body = """
    \tint x = 1;

    \tif (start < end && altmap)
    \t\tremove(start, end);
    \tflush_tlb_all();
    """

  private func mutants(_ body: String, before: String = "") throws -> [Mutant] {
    Mutant.mutants(of: try Subject.extraction(before + Subject.text(body)))
      .filter { $0.function == "vmemmap_free" }
  }

  @Test("has an id that comments, layout and other functions do not change")
  func ids() throws {
    let plain = try mutants(Self.body)
    let other = try mutants(
      Self.body.split(whereSeparator: \.isWhitespace).joined(separator: "\n/* if (0) */ "),
      before:
        "static void remove(unsigned long a, unsigned long b) { if (a > b) flush_tlb_all(); }\n")
    #expect(plain.count > 20)
    #expect(plain.map(\.id) == other.map(\.id))
    #expect(Set(plain.map(\.fingerprint)) == Set(other.map(\.fingerprint)))
    #expect(Set(plain.map(\.id)).count == plain.count)
  }

  @Test("is distinguished from one of another text by its fingerprint")
  func fingerprints() throws {
    let before = try mutants(Self.body).map(\.fingerprint)
    let after = try mutants(Self.body.replacing("start < end", with: "start <= end"))
      .map(\.fingerprint)
    #expect(Set(before).count == 1)
    #expect(Set(before).isDisjoint(with: after))
  }

  @Test("changes the function and nothing else of the unit, and keeps its number of lines")
  func edits() throws {
    let extraction = try Subject.extraction(Subject.text(Self.body))
    let lines = extraction.unit.count { $0 == "\n" }
    var units: Set<String> = [extraction.unit]
    for mutant in Mutant.mutants(of: extraction) {
      let unit = extraction.edited(mutant.edits).unit
      #expect(units.insert(unit).inserted, "\(mutant.id) is another's twin")
      #expect(unit.count { $0 == "\n" } == lines, "\(mutant.id)")
      #expect(
        unit.hasPrefix(extraction.unit.prefix(40)) && unit.hasSuffix("#include <mhp/dispatch.h>\n"))
    }
  }

  @Test("is shown as the lines that it changes, numbered as in the user's file")
  func diffs() throws {
    let extraction = try Subject.extraction(Subject.text(Self.body), from: 100)
    let mutants = Mutant.mutants(of: extraction)
    let dropped = try #require(mutants.first { $0.id == "vmemmap_free/drop/1" })
    #expect(
      dropped.diff == """
        --- a/init.c
        +++ b/init.c
        @@ -104,2 +104,1 @@ vmemmap_free
        -\tif (start < end && altmap)
        -\t\tremove(start, end);
        +\t;

        """)
    #expect(dropped.position == SourcePosition(displayName: "init.c", line: 104))
    let changed = try #require(mutants.first { $0.id == "vmemmap_free/comparison/1/ge" })
    #expect(
      changed.diff == """
        --- a/init.c
        +++ b/init.c
        @@ -104,1 +104,1 @@ vmemmap_free
        -\tif (start < end && altmap)
        +\tif (start >= end && altmap)

        """)
  }

  @Test("of the second definition of a function has an id of its own")
  func occurrences() throws {
    let text = "#ifdef A\n\(Subject.text("\ta();"))#else\n\(Subject.text("\ta();"))#endif\n"
    let ids = Mutant.mutants(of: try Subject.extraction(text)).map(\.id)
    #expect(ids == ["vmemmap_free/drop/1", "vmemmap_free#2/drop/1"])
  }

  @Test("takes time in proportion to the text")
  func long() throws {
    let body = String(repeating: "if (a < b) c(start, 1);\n", count: 2_000)
    let start = ContinuousClock.now
    #expect(try mutants(body).count > 20_000)
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
