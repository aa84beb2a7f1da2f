// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle

/// The result of one case in one mode.
public struct ConfirmedCase: Hashable, Sendable {
  public var confirmCase: ConfirmCase
  /// The paging mode's name.
  public var mode: String
  public var status: Status
  /// The time that it took, in seconds, including the kernel's boot.
  public var seconds: Double
  /// The steps that ran and were judged, with the numbers of compared items.
  public var steps: [JudgedStep]
  /// The differences between model and kernel, in the order of the steps.
  public var disagreements: [Disagreement]
  /// Hazards that the model predicts and the kernel shows.
  public var hazards: [SeenHazard]
  /// Upstream fixes that the kernel seems to lack, oldest first, as commits of twelve digits: without them,
  /// the model predicts the kernel's behaviour. Empty if model and kernel agree, or if no set of fixes makes
  /// them agree.
  public var missingFixes: [String]

  /// The status of a case.
  public enum Status: Hashable, Sendable {
    /// The kernel behaved as the model predicts.
    case agrees
    /// The kernel behaved differently.
    case disagrees
    /// The case did not run to its end, or could not be judged; the reason.
    case skipped(String)
  }

  public init(
    confirmCase: ConfirmCase, mode: String, status: Status, seconds: Double,
    steps: [JudgedStep] = [], disagreements: [Disagreement] = [], hazards: [SeenHazard] = [],
    missingFixes: [String] = []
  ) {
    self.confirmCase = confirmCase
    self.mode = mode
    self.status = status
    self.seconds = seconds
    self.steps = steps
    self.disagreements = disagreements
    self.hazards = hazards
    self.missingFixes = missingFixes
  }
}

/// The amount of a step that was compared with the model.
public struct JudgedStep: Hashable, Sendable {
  /// The step's title.
  public var title: String
  /// The number of the kernel's leaves that were compared.
  public var leaves: Int
  /// The number of the kernel's tables that were compared.
  public var tables: Int
  /// The number of the kernel's events that were compared.
  public var events: Int

  public init(title: String, leaves: Int, tables: Int, events: Int) {
    self.title = title
    self.leaves = leaves
    self.tables = tables
    self.events = events
  }
}

/// One difference between the model and the kernel.
public struct Disagreement: Hashable, Sendable {
  /// The step after which it shows, by its title; "boot" before the first.
  public var step: String
  /// The compared aspect.
  public var aspect: ConfirmCase.Aspect
  /// The place of the difference, e.g. "linear map at 0xff60000090000000" or "nr_memmap_pages".
  public var place: String
  /// The model's value.
  public var model: String
  /// The kernel's value. It may quote the kernel, whose output is untrusted.
  public var kernel: String
}

/// A hazard that the model predicts for a step, with the kernel's evidence for it.
public struct SeenHazard: Hashable, Sendable {
  public var id: Hazard.ID
  /// The step that shows it, by its title.
  public var step: String
  /// The prediction, as a sentence without a full stop.
  public var predicted: String
  /// The observation on the kernel, as a sentence without a full stop; nil where the step cannot show the
  /// hazard (e.g. a window in time that nobody can observe).
  public var seen: String?
  /// The kernel's own lines about it; untrusted text.
  public var lines: [String]

  public init(
    id: Hazard.ID, step: String, predicted: String, seen: String?, lines: [String] = []
  ) {
    self.id = id
    self.step = step
    self.predicted = predicted
    self.seen = seen
    self.lines = lines
  }
}
