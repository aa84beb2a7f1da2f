// SPDX-License-Identifier: GPL-2.0-only

/// The limits on a subject that misbehaves. The guard inside a worker stops a case that hangs; the times are
/// for workers whose guard no longer works, of which there may be one per case.
struct RunLimits: Sendable {
  /// The time for an answer, besides the time for its cases; `SilenceClock` defines the time that counts.
  var answer: Duration = .seconds(2)
  /// The same, after `silences` workers have stopped answering.
  var shortAnswer: Duration = .milliseconds(500)
  /// See `shortAnswer`.
  var silences = 3
  /// The number of workers that stopped answering after which the run is given up.
  var silencesInAll = 12
  /// The number of workers in a row that another process killed, after which the run is given up.
  var killsByOthers = 200
  /// The number of differing cases that took long in a function, after which no case that calls it runs.
  var slowCases = 3
  /// The same for cases that end their worker.
  var deadlyCases = 2
}
