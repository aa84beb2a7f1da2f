// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

@Suite("The name that an error of the compiler reports as unknown")
struct CompilerDiagnosticsTests {
  private static let known: [(String, String?)] = [
    ("use of undeclared identifier 'pmd_is_empty'", "pmd_is_empty"),
    ("function-like macro 'VENDOR_CHECK' is not defined", "VENDOR_CHECK"),
    ("too many arguments provided to function-like macro invocation", nil),
    ("too few arguments provided to function-like macro invocation", nil),
    ("unterminated function-like macro invocation", nil),
    ("'pmd_is_empty' undeclared (first use in this function)", "pmd_is_empty"),
    ("expected ';' at end of input", nil),
  ]

  @Test("is in quotation marks; a macro that is called wrongly is not unknown", arguments: known)
  func name(error: String, name: String?) {
    #expect(CompilerDiagnostics.missingName(error) == name)
  }
}
