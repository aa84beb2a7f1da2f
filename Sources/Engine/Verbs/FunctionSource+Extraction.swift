// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

extension FunctionSource {
  /// The functions of a subject of the given kind, in surface order.
  static func all(of extraction: Extraction, kind: String) -> [FunctionSource] {
    extraction.sources.sorted { $0.key < $1.key }.compactMap { function, lines in
      guard let first = lines.first else { return nil }
      return FunctionSource(
        function: function, file: first.displayName,
        isOnDisk: ["patch", "file", "tree"].contains(kind) && first.displayName != "<stdin>",
        lines: lines.filter { $0.displayName == first.displayName }.map {
          Line(number: $0.number, text: $0.text)
        })
    }
  }
}
