// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Lab

extension PrivateFolder {
  /// Writes a shell script that stands in for the program `name`, in the folder `bin`.
  func program(_ name: String, _ text: String) throws { try script("bin/\(name)", text) }
}

/// The error that `body` throws; the test fails if it throws none.
func fetchFailure(_ body: () async throws -> Void) async -> Failure {
  let error = await #expect(throws: Failure.self) { try await body() }
  return error ?? Failure(.incomplete, "")
}
