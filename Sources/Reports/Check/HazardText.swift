// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Hazards as terminal text: what upstream's own text does wrong, and the subject with it.
enum HazardText {
  /// The lines, with an empty one before them; none where there is no hazard.
  static func lines(_ hazards: [ReportedHazard], style: TextStyle) -> [String] {
    guard !hazards.isEmpty else { return [] }
    var lines = ["", "hazards, which upstream's text has too (no part of the verdict):"]
    for reported in hazards {
      let group = reported.group
      lines.append(
        "  " + style.strong("\(group.id): \(reported.title)")
          + " (\(group.modes.joined(separator: " ")))")
      lines.append(
        "    \(reported.scenario.id)@\(reported.scenario.mode): \(group.violation.sentence)")
    }
    let explained = hazards.lazy.map(\.group).first { $0.hazard != nil }
    return lines + [
      "  what is known of one: mhpcheck explain \(explained?.id ?? hazards[0].group.rule.rawValue); "
        + "to see one: \(SafeText.line(hazards[0].replay))"
    ]
  }
}
