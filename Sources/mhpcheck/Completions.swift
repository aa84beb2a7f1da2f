// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports

/// The words that a shell offers for an argument. The script asks this program for them.
extension CompletionKind {
  /// The ids of `mhpcheck explain`.
  static var ids: CompletionKind {
    .custom { _, _, prefix in
      matching(prefix, Explanation.Kind.allCases.flatMap { Explanations.ids($0) })
    }
  }

  /// The cases of the catalogue, as ID@MODE.
  static var cases: CompletionKind {
    .custom { _, _, prefix in matching(prefix, CatalogueCase.names) }
  }

  /// The cases for running kernels.
  static var confirmCases: CompletionKind {
    .custom { _, _, prefix in matching(prefix, ConfirmCases.all.map(\.id)) }
  }

  /// The functions of the surface.
  static var functions: CompletionKind { .list(KernelFunction.allCases.map(\.name)) }

  private static func matching(_ prefix: String, _ all: [String]) -> [String] {
    all.filter { $0.hasPrefix(prefix) }
  }
}
