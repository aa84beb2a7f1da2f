// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// The comparison of two subjects, as a value. The first is called A, the second B.
public struct SubjectComparison: Sendable {
  /// The side that the port, with all fixes, agrees with in a case.
  public enum Witness: String, Sendable, Codable {
    case first, second, both, neither
  }

  /// A kind of difference between the two, shown by its smallest case.
  public struct Finding: Sendable {
    /// "D1", ...
    public var id: String
    public var group: DifferenceGroup
    /// Its smallest case.
    public var scenario: Scenario
    /// The first difference of the two; nil when the worker died of the case.
    public var difference: Difference?
    /// The observations of A and B; nil when the worker died of the case.
    public var observed: (first: Observation, second: Observation)?
    public var witness: Witness
    /// The commands that replay the case on the subjects that the port does not agree with.
    public var replays: [String]
    /// The lines of A's own text and of B's at which they part; nil where one could not be found. The other text
    /// is the place's reference.
    public var places: (first: Place?, second: Place?) = (first: nil, second: nil)
  }

  /// The report on A alone, compared with the port with all fixes.
  public var first: Report
  /// The report on B alone.
  public var second: Report
  /// Functions that only A has by name.
  public var onlyFirst: [KernelFunction]
  /// Functions that only B has by name.
  public var onlySecond: [KernelFunction]
  /// The paging modes' names.
  public var modes: [String]
  /// The number of cases that both ran.
  public var cases: Int
  /// The duration of the whole run.
  public var seconds: Double
  /// The differences between the two.
  public var differences: [Finding]

  /// Whether they behave the same: no case shows a difference, and both have the same entry points.
  public var isSame: Bool {
    differences.isEmpty && !(onlyFirst + onlySecond).contains(where: \.isEntryPoint)
  }

  /// The functions in which they differ.
  public var functions: [KernelFunction] { Set(differences.map(\.group.function)).sorted() }
}
