// SPDX-License-Identifier: GPL-2.0-only

import Oracle

/// A bug of the upstream text that a subject does not have, shown by a case.
public struct ReportedMend: Sendable, Hashable {
  public var group: MendGroup
  /// The id of the case that shows it, with its mode.
  public var scenario: String
  /// The command that replays it.
  public var replay: String

  /// The upstream bug, in one line.
  public var title: String { UpstreamBug(hazard: group.mend.hazard, rule: group.mend.rule).title }
}
