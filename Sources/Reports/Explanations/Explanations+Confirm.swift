// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

extension Explanations {
  /// The explanation of a case for running kernels.
  static func explanation(of confirmCase: ConfirmCase) -> Explanation {
    let steps = confirmCase.steps.map(\.title).list
    let aspects = confirmCase.compare.map(\.rawValue).list
    let modes = confirmCase.modes?.list ?? "every mode"
    return Explanation(
      kind: .confirmation, id: confirmPrefix + confirmCase.id, title: confirmCase.purpose,
      what: "\(confirmCase.purpose) A guest boots with part of its memory withheld "
        + "(driver: \(confirmCase.driver.kind.rawValue)) and does, region by region: \(steps). Held "
        + "against the model: \(aspects). It is for \(modes).",
      why:
        "The stub headers, the simulated machine, the port and the oracle claim to know what a kernel "
        + "does; a running kernel is the witness that has none of them.",
      origin:
        "The table of cases for mhpcheck confirm. Its id is stable: the same id is the same case.",
      commands: [
        .init("mhpcheck confirm --case \(confirmCase.id)", need: .guest),
        .init("mhpcheck confirm --list"),
      ])
  }
}
