// SPDX-License-Identifier: GPL-2.0-only

import Confirmation
import Guests

/// What a confirmation tells while it runs.
public enum ConfirmProgress: Sendable {
  /// Something to be known beforehand, e.g. a download.
  case note(String)
  /// A case came to its end: the so-many-th of so many.
  case finished(ConfirmedCase, count: Int, of: Int)
}

/// What `mhpcheck confirm` does: boots a kernel, lets it do what cases say, and holds what it did against
/// the model.
public enum ConfirmRun {
  /// Runs the turns of a request. What befalls one case is that case's business; thrown is what keeps the
  /// others from being run.
  public static func run(
    _ request: ConfirmRequest, progress: @escaping @Sendable (ConfirmProgress) -> Void
  ) async throws(GuestError) -> ConfirmReport {
    throw GuestError(message: "no kernel can be run yet: not built yet")
  }
}
