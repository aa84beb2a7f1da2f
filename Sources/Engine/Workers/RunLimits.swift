// SPDX-License-Identifier: GPL-2.0-only

/// How much of a subject is put up with. The guard inside a worker stops a case that hangs; the times are
/// for workers whose guard no longer works, of which there may be one a case.
struct RunLimits: Sendable {
  /// For an answer, beside the time that its cases may take; see `SilenceClock` for what counts.
  var answer: Duration = .seconds(2)
  /// The same once `silences` workers have stopped answering.
  var shortAnswer: Duration = .milliseconds(500)
  /// See `shortAnswer`.
  var silences = 3
  /// After so many workers that stopped answering the run is given up.
  var silencesInAll = 12
  /// After so many workers in a row that somebody else killed the run is given up.
  var killsByOthers = 200
  /// Differing cases that took long in a function after which no more are run that call it.
  var slowCases = 3
  /// The same of cases that end their worker.
  var deadlyCases = 2
}
