// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// The cases that running kernels are asked to do: what stands in `cases.json`.
public struct ConfirmCases: Codable, Hashable, Sendable {
  /// The version of the file's form.
  public var schema: String
  /// In the order in which they are run and told.
  public var cases: [ConfirmCase]

  /// The present version of the form.
  static let schema = "mhpcheck.confirm-cases/1"

  /// All that are committed; a test holds that they can be read.
  public static let all: [ConfirmCase] = {
    let data = Data(PackageResources.cases_json)
    return (try? JSONDecoder().decode(ConfirmCases.self, from: data))?.cases ?? []
  }()

  /// The case of that id.
  public static func named(_ id: String) -> ConfirmCase? { all.first { $0.id == id } }
}
