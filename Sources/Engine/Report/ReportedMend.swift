// SPDX-License-Identifier: GPL-2.0-only

import Oracle

/// What a subject mends of upstream's own text, shown by a case.
public struct ReportedMend: Sendable, Hashable {
  /// The group.
  public var group: MendGroup
  /// The id of the case that shows it, with its mode.
  public var scenario: String
  /// The command that replays it.
  public var replay: String

  /// What upstream's text does wrong, in a line.
  public var title: String {
    group.mend.hazard.map { Hazard($0).title }
      ?? "it does not hold that \(group.mend.rule.sentence)"
  }
}
