// SPDX-License-Identifier: GPL-2.0-only

/// The explanation of one id: of a fix, a hazard, a rule, ...
public struct Explanation: Sendable, Hashable {
  /// The kinds of things that have ids.
  public enum Kind: String, CaseIterable, Sendable {
    /// An upstream fix to commit c75a74f4ba19, by its commit.
    case fix
    /// A commit of the series, by its hash.
    case commit
    /// A hazard in the upstream text.
    case hazard
    /// A rule of the oracle.
    case rule
    /// A rule of equivalence.
    case equivalence
    /// A class of defects.
    case defect
    /// A function of the surface, by its C name.
    case function
    /// A named case.
    case `case`
    /// A universe of small cases.
    case universe
    /// A case for running kernels, as "confirm/ID".
    case confirmation
  }

  /// A command that demonstrates it.
  public struct Command: Sendable, Hashable {
    /// The additional requirement of a command.
    public enum Need: String, Sendable {
      /// The command needs only the program.
      case nothing = ""
      /// The working directory is a checkout of mhpcheck.
      case sources = "in a checkout of mhpcheck"
      /// The command needs a Debian package, which it fetches once.
      case package = "fetches a package of Debian once"
      /// The command needs a kernel in a virtual machine, and fetches the packages once.
      case guest = "fetches QEMU and a kernel from Debian once, and boots it"
    }

    /// A shell command.
    public let line: String
    /// The additional requirement.
    public let need: Need

    init(_ line: String, need: Need = .nothing) {
      self.line = line
      self.need = need
    }
  }

  /// The kind of the thing that has the id.
  public let kind: Kind
  /// The id in reports and lists.
  public let id: String
  /// Its name or subject, in one line.
  public let title: String
  /// Its definition.
  public let what: String
  /// Its importance.
  public let why: String
  /// Its origin.
  public let origin: String
  /// The commands that demonstrate it.
  public let commands: [Command]
}

extension Explanation.Kind {
  /// The kind as a noun phrase, e.g. "a fix of upstream".
  public var phrase: String {
    switch self {
    case .fix: "a fix of upstream"
    case .commit: "a commit of the series"
    case .hazard: "a hazard in upstream's own text"
    case .rule: "a rule of the oracle"
    case .equivalence: "a rule of equivalence"
    case .defect: "a class of defects"
    case .function: "a function that is checked"
    case .case: "a case of the catalogue"
    case .universe: "a universe of small cases"
    case .confirmation: "a case that running kernels do"
    }
  }

  /// The plural, e.g. "fixes", for the heading of a list of ids.
  var plural: String {
    switch self {
    case .fix: "fixes"
    case .commit: "commits"
    case .hazard: "hazards"
    case .rule: "rules"
    case .equivalence: "equivalences"
    case .defect: "classes of defects"
    case .function: "functions"
    case .case: "cases"
    case .universe: "universes"
    case .confirmation: "cases for running kernels"
    }
  }
}
