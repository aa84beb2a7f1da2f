// SPDX-License-Identifier: GPL-2.0-only

import Reports

extension ConfirmReport {
  /// The report in schema "mhpcheck.confirm/1".
  func wire(tool: String) -> WireConfirm {
    WireConfirm(
      tool: tool, kernel: kernel, release: release, machine: machine, seconds: seconds,
      cases: cases.map(\.wire))
  }
}

extension ConfirmedCase {
  fileprivate var wire: WireConfirm.Case {
    var reason: String?
    if case .skipped(let why) = status { reason = why }
    return WireConfirm.Case(
      id: confirmCase.id, mode: mode, status: word, seconds: seconds, reason: reason,
      disagreements: disagreements.map {
        .init(
          step: $0.step, aspect: $0.aspect, place: $0.place, model: $0.model, kernel: $0.kernel)
      },
      hazards: hazards.map {
        .init(id: $0.id, step: $0.step, predicted: $0.predicted, seen: $0.seen, lines: $0.lines)
      },
      missingFixes: missingFixes.isEmpty ? nil : missingFixes,
      compared: .init(leaves: compared.leaves, tables: compared.tables, events: compared.events))
  }
}

/// The JSON of a confirmation that could not be completed.
struct WireConfirmFailure: Encodable {
  var schema = WireConfirm.schema
  var tool: String
  var kernel: String
  var cases: [WireConfirm.Case] = []
  var error: String
}

extension JSONRenderer {
  /// One object of the schema "mhpcheck.confirm/1", with a final newline.
  public func render(_ report: ConfirmReport, tool: String) -> String {
    JSONText.of(report.wire(tool: tool))
  }

  /// The same object for a confirmation that could not be completed, with the message as `error`.
  public func render(confirmFailure message: String, kernel: String, tool: String) -> String {
    JSONText.of(WireConfirmFailure(tool: tool, kernel: kernel, error: message))
  }
}
