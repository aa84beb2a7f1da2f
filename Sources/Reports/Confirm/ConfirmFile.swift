// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import FoundationEssentials
import Machine

/// A confirmation from a JSON file that an earlier run wrote, perhaps somebody else's. All its contents are
/// untrusted.
public struct ConfirmFile: Sendable {
  /// The file's name on the command line.
  public let name: String
  let confirmation: WireConfirm

  /// The maximum size of such a file, in bytes. A run of all cases writes less than a hundredth of it.
  public static let limit = 16 << 20

  /// Reads schema "mhpcheck.confirm/1" strictly. Throws a one-line error for unknown members, missing
  /// members, and values that no run writes.
  public init(name: String, jsonText: String) throws(Failure) {
    self.name = name
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(jsonText.utf8)) else {
      throw Failure(
        .unreadable, "\(name) is not JSON", advice: "mhpcheck confirm --json writes such a file")
    }
    do throws(ScenarioError) {
      confirmation = try WireConfirm(value)
    } catch {
      throw Failure(.unreadable, "\(name): \(error)")
    }
  }
}

extension ConfirmFile {
  /// "50 of 54 cases agree, 2 differ, 2 skipped".
  package static func counts(agreeing: Int, differing: Int, skipped: Int) -> String {
    let all = agreeing + differing + skipped
    var parts = ["\(agreeing) of \(all) \(all == 1 ? "case agrees" : "cases agree")"]
    if differing > 0 { parts.append("\(differing) \(differing == 1 ? "differs" : "differ")") }
    if skipped > 0 { parts.append("\(skipped) skipped") }
    return parts.joined(separator: ", ")
  }
}
