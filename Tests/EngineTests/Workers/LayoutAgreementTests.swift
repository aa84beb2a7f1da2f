// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import TestSupport
import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports
@testable import Worker

@Suite("C and Swift")
struct LayoutAgreementTests {
  @Test("agree on the layout of everything that they share") func layouts() {
    LayoutAgreement.check()
  }

  /// The constants of an enumeration in abi.h, with their numbers.
  private static func constants(of enumeration: String) throws -> [String: UInt32] {
    let text = try Repository.text("CKernelShim/stubs/mhp/abi.h")
    let start = try #require(text.firstRange(of: "enum \(enumeration) {"))
    var constants: [String: UInt32] = [:]
    var number: UInt32 = 0
    for line in text[start.upperBound...].prefix(while: { $0 != "}" }).split(separator: "\n")
    where line.hasPrefix("\tMHP_") {
      let words = line.split { "\t ,=".contains($0) }
      if words.count > 1, let given = UInt32(words[1]) { number = given }
      constants[String(words[0])] = number
      number += 1
    }
    return constants
  }

  @Test("agree on the names and numbers of functions, events and endings") func numbers() throws {
    var functions = KernelFunction.allCases.map { ("MHP_\($0.name.uppercased())", $0.rawValue) }
    functions.append(("MHP_FUNCTIONS", UInt32(functions.count)))
    #expect(
      try Self.constants(of: "mhp_function") == Dictionary(uniqueKeysWithValues: functions))
    let events = EventKind.allCases.map { ($0.nameInC, $0.rawValue) }
    #expect(try Self.constants(of: "mhp_event_kind") == Dictionary(uniqueKeysWithValues: events))
    // Only a comparison of runs ends a case as unsteady.
    let endings = EndingKind.allCases.filter { $0 != .unsteady }
      .map { ("MHP_\(CText.constant($0.name))", $0.rawValue) }
    #expect(try Self.constants(of: "mhp_ending_kind") == Dictionary(uniqueKeysWithValues: endings))
    // The text above is what the compiler reads.
    #expect(EventKind.putPage.rawValue == MHP_EVENT_PUT_PAGE.rawValue)
    #expect(EndingKind.freedAccess.rawValue == MHP_FREED_ACCESS.rawValue)
    #expect(FlushScope.range.rawValue == MHP_FLUSH_RANGE.rawValue)
    #expect(PageOwner.altmap.rawValue == MHP_ALTMAP.rawValue)
    #expect(Spellings.quietWarn.rawValue == MHP_SPELLING_QUIET_WARN.rawValue)
    #expect(Spellings.releasedDown.rawValue == MHP_SPELLING_RELEASED_DOWN.rawValue)
  }
}
