// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What became of the mutants of a subject, as a value.
public struct MutationReport: Sendable, Hashable {
  /// What became of a mutant.
  public enum Fate: Sendable, Hashable {
    /// A case tells it from the subject: the case's name.
    case killed(by: String)
    /// No case does.
    case survived
    /// No case does, and an argument says that none can.
    case equivalent(reason: String)
  }

  /// A mutant that was run.
  public struct Mutant: Sendable, Hashable {
    /// Its id.
    public var id: String
    /// The C name.
    public var function: String
    /// The mistake in a phrase.
    public var what: String
    /// The user's own file.
    public var file: String
    /// Where it is in that.
    public var line: Int
    /// What it changes, in the unified format.
    public var diff: String
    /// A number for the text of its function, which an argument about it must name.
    public var fingerprint: String
    /// What became of it.
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

  /// Mutants that do not count, by why.
  struct Uncounted: Sendable, Hashable {
    /// They do not compile.
    var uncompilable = 0
    /// The compiler makes the subject's own code of them.
    var identical = 0
    /// The compiler makes the same code of them as of a mutant that counts.
    var duplicates = 0
    /// The run was stopped before.
    var notRun = 0
  }

  /// An argument that does not hold any more.
  public struct Stale: Sendable, Hashable {
    /// The mutant's id.
    public var id: String
    /// What is wrong with it.
    public var why: String

    public init(id: String, why: String) {
      self.id = id
      self.why = why
    }
  }

  /// The program's version.
  public var tool: String
  /// The subject.
  public var subject: SubjectSummary
  /// Those that were run, in the order of the text.
  public var mutants: [Mutant]
  /// Those that were not.
  var uncounted: Uncounted
  /// Arguments that do not hold any more.
  public var stale: [Stale] = []
  /// Parts of functions that no mistake was made in because they could not be read: where, and why.
  public var unread: [String] = []
  /// Whether the subject itself differs from the state of upstream it comes nearest to.
  var subjectDiffers: Bool = false
  /// Wall-clock time.
  public var seconds: Double
  /// Whether the run came to its end.
  public var isComplete: Bool = true

  /// How many mutants of some count, and how many of these were killed.
  public struct Score: Sendable, Hashable {
    /// Those that are not equivalent.
    public var total = 0
    /// Those of them that a case tells from the subject.
    public var killed = 0
    /// Those that are.
    public var equivalent = 0
  }

  /// The score of all, or of a function.
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
