// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle

/// What came of one case in one mode.
public struct ConfirmedCase: Hashable, Sendable {
  /// The case.
  public var confirmCase: ConfirmCase
  /// The paging mode.
  public var mode: String
  /// What came of it.
  public var status: Status
  /// Seconds that it took, the kernel's boot included.
  public var seconds: Double
  /// The steps that were done and judged, with what was compared in each.
  public var steps: [JudgedStep]
  /// Where model and kernel part, in the order of the steps.
  public var disagreements: [Disagreement]
  /// Hazards that the model predicts and the kernel shows.
  public var hazards: [SeenHazard]
  /// Fixes of upstream's that the kernel seems to lack, oldest first, as commits of twelve digits: without them the
  /// model says what the kernel did. Empty where it agrees, or no set of fixes makes it agree.
  public var missingFixes: [String]

  /// What can come of a case.
  public enum Status: Hashable, Sendable {
    /// The kernel did what the model says.
    case agrees
    /// It did not.
    case disagrees
    /// It was not run to its end: why.
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

/// How much of a step was held against the model.
public struct JudgedStep: Hashable, Sendable {
  /// The step's title.
  public var title: String
  /// Leaves of the kernel's that were compared.
  public var leaves: Int
  /// Tables of the kernel's that were compared.
  public var tables: Int
  /// Events of the kernel's that were compared.
  public var events: Int

  public init(title: String, leaves: Int, tables: Int, events: Int) {
    self.title = title
    self.leaves = leaves
    self.tables = tables
    self.events = events
  }
}

/// One thing that the model and the kernel hold differently.
public struct Disagreement: Hashable, Sendable {
  /// The step after which it shows, by its title; "boot" before the first.
  public var step: String
  /// What was compared.
  public var aspect: ConfirmCase.Aspect
  /// Where, e.g. "linear map at 0xff60000090000000" or "nr_memmap_pages".
  public var place: String
  /// What the model holds.
  public var model: String
  /// What the kernel holds. It may quote the kernel, whose words are a stranger's.
  public var kernel: String
}

/// A hazard that the model predicts for a step, and the kernel's word for it.
public struct SeenHazard: Hashable, Sendable {
  /// The hazard.
  public var id: Hazard.ID
  /// The step that shows it, by its title.
  public var step: String
  /// What the model predicts, as a sentence without a full stop.
  public var predicted: String
  /// What was seen on the kernel, as a sentence without a full stop; nil where the step has nothing that
  /// could show it (a window in time that nobody can look into).
  public var seen: String?
  /// The kernel's own lines about it. They are a stranger's.
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
