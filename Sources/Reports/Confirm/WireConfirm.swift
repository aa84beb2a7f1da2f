// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle

/// A confirmation in schema "mhpcheck.confirm/1".
package struct WireConfirm: Encodable {
  package struct Case: Encodable {
    package struct Compared: Encodable {
      package var leaves: Int
      package var tables: Int
      package var events: Int

      package init(
        leaves: Int, tables: Int, events: Int
      ) {
        self.leaves = leaves
        self.tables = tables
        self.events = events
      }
    }

    package var id: String
    package var mode: String
    /// "agrees", "disagrees" or "skipped".
    package var status: String
    /// The duration of the case, with the boot.
    package var seconds: Double
    /// The reason why the case was skipped; nil for all other cases.
    package var reason: String?
    package var disagreements: [Disagreement]
    package var hazards: [PredictedHazard]
    /// For a case that disagrees: the fixes without which the model agrees with the kernel; nil if there are
    /// none.
    package var missingFixes: [String]?
    package var compared: Compared

    package init(
      id: String, mode: String, status: String, seconds: Double, reason: String? = nil,
      disagreements: [Disagreement], hazards: [PredictedHazard], missingFixes: [String]? = nil,
      compared: Compared
    ) {
      self.id = id
      self.mode = mode
      self.status = status
      self.seconds = seconds
      self.reason = reason
      self.disagreements = disagreements
      self.hazards = hazards
      self.missingFixes = missingFixes
      self.compared = compared
    }
  }

  package struct Disagreement: Encodable {
    package var step: String
    package var aspect: ConfirmCase.Aspect
    package var place: String
    package var model: String
    package var kernel: String

    package init(
      step: String, aspect: ConfirmCase.Aspect, place: String, model: String, kernel: String
    ) {
      self.step = step
      self.aspect = aspect
      self.place = place
      self.model = model
      self.kernel = kernel
    }
  }

  package struct PredictedHazard: Encodable {
    package var id: Hazard.ID
    package var step: String
    package var predicted: String
    /// The observation on the kernel; nil where the step cannot show the hazard.
    package var seen: String?
    /// The kernel's own lines about the hazard.
    package var lines: [String]

    package init(
      id: Hazard.ID, step: String, predicted: String, seen: String? = nil, lines: [String]
    ) {
      self.id = id
      self.step = step
      self.predicted = predicted
      self.seen = seen
      self.lines = lines
    }
  }

  package static let schema = "mhpcheck.confirm/1"

  package var schema = Self.schema
  package var tool: String
  package var kernel: String
  /// The output of `uname -r`; nil where no kernel booted.
  package var release: String?
  package var machine: String
  package var seconds: Double
  package var cases: [Case]

  package init(
    tool: String, kernel: String, release: String? = nil, machine: String, seconds: Double,
    cases: [Case]
  ) {
    self.tool = tool
    self.kernel = kernel
    self.release = release
    self.machine = machine
    self.seconds = seconds
    self.cases = cases
  }
}
