// SPDX-License-Identifier: GPL-2.0-only

import Confirmation
import Oracle

/// A confirmation as "mhpcheck.confirm/1" has it.
struct WireConfirm: Encodable {
  struct Case: Encodable {
    struct Compared: Encodable {
      var leaves: Int
      var tables: Int
      var events: Int
    }

    var id: String
    var mode: String
    /// "agrees", "disagrees" or "skipped".
    var status: String
    /// The boot included.
    var seconds: Double
    /// Why it was skipped; of skipped cases alone.
    var reason: String?
    var disagreements: [Disagreement]
    var hazards: [PredictedHazard]
    /// Of cases that disagree: fixes without which the model would say what the kernel did.
    var missingFixes: [String]?
    var compared: Compared
  }

  struct Disagreement: Encodable {
    var step: String
    var aspect: ConfirmCase.Aspect
    var place: String
    var model: String
    var kernel: String
  }

  struct PredictedHazard: Encodable {
    var id: Hazard.ID
    var step: String
    var predicted: String
    /// Nothing where the step has nothing that could show it.
    var seen: String?
    /// The kernel's own.
    var lines: [String]
  }

  static let schema = "mhpcheck.confirm/1"

  var schema = Self.schema
  var tool: String
  var kernel: String
  /// `uname -r`; nothing where no kernel booted.
  var release: String?
  var machine: String
  var seconds: Double
  var cases: [Case]

  init(_ report: ConfirmReport, tool: String) {
    self.tool = tool
    kernel = report.kernel
    release = report.release
    machine = report.machine
    seconds = report.seconds
    cases = report.cases.map(Case.init)
  }
}

extension WireConfirm.Case {
  init(_ one: ConfirmedCase) {
    let sums = one.compared
    id = one.confirmCase.id
    mode = one.mode
    status = one.word
    seconds = one.seconds
    if case .skipped(let why) = one.status { reason = why }
    disagreements = one.disagreements.map {
      .init(
        step: $0.step, aspect: $0.aspect, place: $0.place, model: $0.model, kernel: $0.kernel)
    }
    hazards = one.hazards.map {
      .init(id: $0.id, step: $0.step, predicted: $0.predicted, seen: $0.seen, lines: $0.lines)
    }
    missingFixes = one.missingFixes.isEmpty ? nil : one.missingFixes
    compared = .init(leaves: sums.leaves, tables: sums.tables, events: sums.events)
  }
}

/// What stands in for a confirmation that could not be completed.
struct WireConfirmFailure: Encodable {
  var schema = WireConfirm.schema
  var tool: String
  var kernel: String
  var cases: [WireConfirm.Case] = []
  var error: String
}
