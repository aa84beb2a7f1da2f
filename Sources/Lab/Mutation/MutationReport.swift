// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// The outcome for the mutants of a subject, as a value.
public struct MutationReport: Sendable, Hashable {
  /// The outcome for a mutant.
  public enum Fate: Sendable, Hashable {
    /// A case distinguishes it from the subject: the case's name.
    case killed(by: String)
    /// No case distinguishes it.
    case survived
    /// No case distinguishes it, and an argument states that none can.
    case equivalent(reason: String)
  }

  /// A mutant that was run.
  public struct Mutant: Sendable, Hashable {
    public var id: String
    /// The C name of its function.
    public var function: String
    /// The mistake, in a phrase.
    public var what: String
    /// The user's own file.
    public var file: String
    /// The line of the mistake in that file.
    public var line: Int
    /// The change, in the unified format.
    public var diff: String
    /// The fingerprint of its function's text; an argument about the mutant must name it.
    public var fingerprint: String
    public var fate: Fate

    public init(
      id: String, function: String, what: String, file: String, line: Int, diff: String,
      fingerprint: String, fate: Fate
    ) {
      self.id = id
      self.function = function
      self.what = what
      self.file = file
      self.line = line
      self.diff = diff
      self.fingerprint = fingerprint
      self.fate = fate
    }
  }

  /// The numbers of mutants that do not count, by the reason.
  struct Uncounted: Sendable, Hashable {
    /// They do not compile.
    var uncompilable = 0
    /// They compile to the subject's own code.
    var identical = 0
    /// They compile to the same code as a mutant that counts.
    var duplicates = 0
    /// The run was stopped before them.
    var notRun = 0
  }

  /// An argument that no longer holds.
  public struct Stale: Sendable, Hashable {
    /// The mutant's id.
    public var id: String
    /// The reason why it does not hold.
    public var why: String

    public init(id: String, why: String) {
      self.id = id
      self.why = why
    }
  }

  /// The program's version.
  public var tool: String
  public var subject: SubjectSummary
  /// The mutants that ran, in the order of the text.
  public var mutants: [Mutant]
  /// The mutants that do not count.
  var uncounted: Uncounted
  /// Arguments that no longer hold.
  public var stale: [Stale] = []
  /// Parts of functions without mutants, because they could not be parsed: the place, and the reason.
  public var unread: [String] = []
  /// Whether the subject itself differs from the nearest upstream state.
  var subjectDiffers: Bool = false
  /// Wall-clock time.
  public var seconds: Double
  /// Whether the run came to its end.
  public var isComplete: Bool = true

  /// The number of mutants that count, and the number of killed ones.
  public struct Score: Sendable, Hashable {
    /// Mutants that are not equivalent.
    public var total = 0
    /// Those of them that a case kills.
    public var killed = 0
    /// Equivalent mutants.
    public var equivalent = 0
  }

  /// The score of all mutants, or of one function.
  public func score(of function: String? = nil) -> Score {
    var score = Score()
    for mutant in mutants where function == nil || mutant.function == function {
      switch mutant.fate {
      case .killed: score.killed += 1
      case .survived: break
      case .equivalent:
        score.equivalent += 1
        continue
      }
      score.total += 1
    }
    return score
  }

  /// The functions, in the order of the text.
  public var functions: [String] {
    var names: [String] = []
    for mutant in mutants where !names.contains(mutant.function) { names.append(mutant.function) }
    return names
  }
}
