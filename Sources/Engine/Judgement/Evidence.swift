// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// What putting a subject's parts into the reference's text, one at a time, showed: a part is a cause when
/// the reference with it differs.
public struct Evidence: Sendable {
  /// What a part does in a case.
  public struct Share: Sendable, Hashable {
    /// The part's C name.
    public var name: String
    /// The function of the surface that it is; nil for a helper or another definition.
    public var function: KernelFunction?
    /// The fixes, missing or beyond what was asked for, that account for it; empty where none do.
    public var fixes: UpstreamFixes

    public init(name: String, function: KernelFunction?, fixes: UpstreamFixes = []) {
      self.name = name
      self.function = function
      self.fixes = fixes
    }
  }

  /// By a finding's place: the parts that make a difference in that case.
  public var shares: [Int: [Share]]
  /// The functions whose text is not the reference's.
  public var suspects: Set<KernelFunction>
  /// Those of them that could not be put into the reference.
  var untested: Set<KernelFunction> = []

  /// The parts that are causes.
  var guilty: Set<Share> { Set(shares.values.joined()) }

  /// Whether a function has a fix; nil where that could not be told.
  func has(_ fix: UpstreamFixes, _ function: KernelFunction) -> Bool? {
    let own = guilty.filter { $0.function == function }
    if own.contains(where: { $0.fixes.contains(fix) }) { return false }
    return untested.contains(function) || own.contains { $0.fixes.isEmpty } ? nil : true
  }
}

extension UpstreamFixes {
  /// The functions that a fix mends.
  public var functions: [KernelFunction] {
    var functions: [KernelFunction] = []
    if contains(.noVmemmapPmdDestructor) { functions.append(.freePmdTable) }
    if contains(.foldedEntryIsBase) { functions += [.removePudMapping, .removeP4dMapping] }
    return functions
  }
}

/// A part of a subject that its differences come from.
public struct Cause: Sendable, Hashable {
  /// How it was found.
  public enum Proof: String, Sendable, Codable {
    /// The reference with this part differs.
    case substitution
    /// Cases that call it differ; nothing was tried.
    case calls
  }

  /// The C name of a function, a helper or another definition.
  public var name: String
  /// The fixes, missing or beyond what was asked for, that account for all of it; empty when none do.
  public var fixes: UpstreamFixes
  /// How it was found.
  public var proof: Proof
}
