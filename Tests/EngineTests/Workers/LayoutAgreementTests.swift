// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("C and Swift")
struct LayoutAgreementTests {
  @Test("agree on the layout of everything that they share") func layouts() {
    LayoutAgreement.check()
  }

  @Test("agree on the numbers of functions, events and endings") func numbers() {
    #expect(KernelFunction.vmemmapFree.rawValue == MHP_VMEMMAP_FREE.rawValue)
    #expect(KernelFunction.removePudMapping.rawValue == MHP_REMOVE_PUD_MAPPING.rawValue)
    #expect(EventKind.clear.rawValue == MHP_EVENT_CLEAR.rawValue)
    #expect(EventKind.returned.rawValue == MHP_EVENT_RETURNED.rawValue)
    #expect(EndingKind.overrun.rawValue == MHP_OVERRUN.rawValue)
    #expect(EndingKind.structPageAccess.rawValue == MHP_STRUCT_PAGE_ACCESS.rawValue)
    #expect(EndingKind.freedAccess.rawValue == MHP_FREED_ACCESS.rawValue)
    #expect(FlushScope.range.rawValue == MHP_FLUSH_RANGE.rawValue)
    #expect(PageOwner.altmap.rawValue == MHP_ALTMAP.rawValue)
    #expect(Spellings.quietWarn.rawValue == MHP_SPELLING_QUIET_WARN.rawValue)
  }
}
