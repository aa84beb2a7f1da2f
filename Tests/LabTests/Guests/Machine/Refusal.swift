// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Lab

/// The error that `body` throws.
func refusal<Value>(
  of body: () async throws(GuestError) -> Value
) async -> GuestError? {
  do {
    _ = try await body()
    return nil
  } catch { return error }
}
