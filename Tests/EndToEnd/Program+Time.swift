// SPDX-License-Identifier: GPL-2.0-only

import Testing

extension Program {
  /// Runs the program as `run` does, and says how many seconds of processor time it and all that it
  /// started took: what a run takes by the clock depends on what else the machine does.
  static func timed(
    _ arguments: [String], folder: String? = nil
  ) async throws -> (outcome: Outcome, seconds: Double) {
    let program = try VariantProgram.path()
    let script = "\"$0\" \"$@\"; status=$?; times >&2; exit $status"
    var outcome = try await VariantSlots.shared.hold {
      try await start("sh", ["-c", script, program] + arguments, folder: folder)
    }
    // The last line is "0m1.52s 0m0.31s": of the children, in user mode and in the kernel.
    var lines = outcome.errors.split(separator: "\n")
    let seconds = try #require(lines.last).split(separator: " ").map { word -> Double in
      let parts = word.dropLast().split(separator: "m").compactMap { Double($0) }
      return try #require(parts.count == 2 ? parts[0] * 60 + parts[1] : nil)
    }
    lines.removeLast(2)
    outcome.errors = lines.joined(separator: "\n")
    return (outcome, seconds.reduce(0, +))
  }
}
