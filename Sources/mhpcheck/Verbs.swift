// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import FoundationEssentials
import Reports

/// The verbs of the program, as a user types them.
enum Verbs {
  static var all: [String] { names { $0.configuration.shouldDisplay } }

  private static func names(_ isMeant: (any ParsableCommand.Type) -> Bool) -> [String] {
    var names: [String] = []
    for command in Mhpcheck.configuration.subcommands where isMeant(command) {
      names.append(command._commandName)
    }
    return names
  }

  /// A complaint about a first argument that is neither an option nor a verb; nil for any other. The parser
  /// itself calls such an argument only "unexpected".
  static func complaint(_ first: String?) -> String? {
    guard let first, !first.hasPrefix("-"), first != "help",
      !names({ _ in true }).contains(first)
    else { return nil }
    let nearest = Explanations.nearest(to: first, among: all, count: 1).first ?? "check"
    let isSubject = first.contains(":") || FileManager.default.fileExists(atPath: first)
    return isSubject
      ? "\(SafeText.line(first)) is no verb; to check it: mhpcheck check \(SafeText.line(first))"
      : "\(SafeText.line(first)) is no verb; did you mean \(nearest)? mhpcheck --help lists all"
  }
}
