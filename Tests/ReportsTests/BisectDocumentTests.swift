// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports

@Suite("A bisection as a document")
struct BisectDocumentTests {
  /// The words of the sample after `edit` has changed its change.
  private func words(_ edit: (inout BisectReport.Change) -> Void) throws -> String {
    var report = try SampleVerb.bisection()
    guard case .found(let suspects, var change) = report.outcome else { return "" }
    edit(&change)
    report.outcome = .found(suspects: suspects, change: change)
    return Printed.text(BisectDocument.of(report), isVerbose: true)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("has a heading of its own for each kind of difference")
  func headings() throws {
    let page = Printed.html(try SampleVerb.bisect.document())
    let headings = page.matches(of: /<h3 id="D[0-9]">(.+)<\/h3>/).map { String($0.1) }
    #expect(headings.first == "D1 <code>remove_pud_mapping</code> changed on sv39")
    #expect(headings.count == 6)
    #expect(Set(headings).count == 6)
  }

  @Test("says that a text mends a hazard only if the text conforms otherwise")
  func goneHazards() throws {
    let mending = try words { change in
      change.before.hazards = [SampleReport.hazard]
      change.after.verdict = .conforms
    }
    #expect(mending.contains("- mends the hazard H2 "), "\(mending)")
    let ending = try words { change in
      change.before.hazards = [SampleReport.hazard]
      change.after.verdict = .differs
    }
    #expect(ending.contains("- no longer shows the hazard H2 "), "\(ending)")
    #expect(!ending.contains("mends"))
  }
}
