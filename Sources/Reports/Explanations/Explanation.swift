// SPDX-License-Identifier: GPL-2.0-only

/// What there is to know of one id: of a fix, a hazard, a rule, ...
public struct Explanation: Sendable, Hashable {
  /// The kinds of things that have ids.
  public enum Kind: String, CaseIterable, Sendable {
    /// A fix that upstream made to commit c75a74f4ba19, by commit.
    case fix
    /// A commit of the series, by commit.
    case commit
    /// A hazard in upstream's own text.
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
    /// A case that running kernels do, as "confirm/ID".
    case confirmation
  }

  /// A command that shows it.
  public struct Command: Sendable, Hashable {
    /// What else it takes.
    public enum Need: String, Sendable {
      /// Nothing but the program.
      case nothing = ""
      /// The sources of mhpcheck, as the working directory.
      case sources = "in a checkout of mhpcheck"
      /// A package of Debian, which is fetched once.
      case package = "fetches a package of Debian once"
      /// A kernel in a virtual machine, whose packages are fetched once.
      case guest = "fetches QEMU and a kernel from Debian once, and boots it"
    }

    /// A line for a shell.
    public let line: String
    /// What else it takes.
    public let need: Need

    /// A command that needs nothing, unless told otherwise.
    init(_ line: String, need: Need = .nothing) {
      self.line = line
      self.need = need
    }
  }

  /// What has the id.
  public let kind: Kind
  /// The id as reports and lists have it.
  public let id: String
  /// Its name or subject, in a line.
  public let title: String
  /// What it is.
  public let what: String
  /// Why it matters.
  public let why: String
  /// Where it came from.
  public let origin: String
  /// How to see it.
  public let commands: [Command]
}

extension Explanation.Kind {
  /// "a fix of upstream", ...
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

  /// "fixes", ...: the heading of a list of ids.
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
