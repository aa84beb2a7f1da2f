// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Lab

/// The error that `body` throws.
func refusal<Value>(
  of body: () async throws(Failure) -> Value
) async -> Failure? {
  do {
    _ = try await body()
    return nil
  } catch { return error }
}
