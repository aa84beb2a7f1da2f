// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// All that is said of one subject against another, as a value. The first is called A, the second B.
public struct SubjectComparison: Sendable {
  /// Whom the port, with all fixes, agrees with in a case.
  public enum Witness: String, Sendable, Codable {
    case first, second, both, neither
  }

  /// A kind of difference between the two, shown by its smallest case.
  public struct Finding: Sendable {
    /// "D1", ...
    public var id: String
    /// The kind of difference.
    public var group: DifferenceGroup
    /// Its smallest case.
    public var scenario: Scenario
    /// What parts the two; nil when the worker died of the case.
    public var difference: Difference?
    /// What A did, with what B did; nil when the worker died of the case.
    public var observed: (first: Observation, second: Observation)?
    /// Whom the port agrees with in this case.
    public var witness: Witness
    /// The commands that replay the case on the subjects that the port does not agree with.
    public var replays: [String]
  }

  /// What each subject is by itself, held against the port with all fixes.
  public var first: Report
  /// The other subject's own report.
  public var second: Report
  /// Functions that only one of them has by name.
  public var onlyFirst: [KernelFunction]
  /// Functions that only the second has.
  public var onlySecond: [KernelFunction]
  /// The paging modes' names.
  public var modes: [String]
  /// Cases that both ran.
  public var cases: Int
  /// From start to end.
  public var seconds: Double
  /// What the two do differently.
  public var differences: [Finding]

  /// Whether they behave the same: no case parts them, and the kernel finds the same entry points.
  public var isSame: Bool {
    differences.isEmpty && !(onlyFirst + onlySecond).contains(where: \.isEntryPoint)
  }

  /// The functions in which they differ.
  public var functions: [KernelFunction] { Set(differences.map(\.group.function)).sorted() }
}
