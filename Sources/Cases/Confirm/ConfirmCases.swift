// SPDX-License-Identifier: GPL-2.0-only

import CEmbedded
import FoundationEssentials
import Machine

/// The cases for running kernels, as in `cases.json`.
public struct ConfirmCases: Codable, Hashable, Sendable {
  /// The version of the file format.
  public var schema: String
  /// The cases, in the order of their run and report.
  public var cases: [ConfirmCase]

  /// The current version of the format.
  static let schema = "mhpcheck.confirm-cases/1"

  /// All committed cases. A test ensures that the file can be read.
  public static let all: [ConfirmCase] = {
    let data = Data(String(cString: mhp_embedded_confirm_cases()).utf8)
    return (try? JSONDecoder().decode(ConfirmCases.self, from: data))?.cases ?? []
  }()

  public static func named(_ id: String) -> ConfirmCase? { all.first { $0.id == id } }
}
