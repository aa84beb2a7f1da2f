// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The result of the experiments that put the parts of a subject into the reference's text, one at a time. A
/// part is a cause when the reference with this part behaves differently.
public struct Evidence: Sendable {
  /// A part that causes the difference in a case, with the fixes that explain it.
  public struct Share: Sendable, Hashable {
    /// The part's C name.
    public var name: String
    /// The part's function of the surface; nil for a helper or another definition.
    public var function: KernelFunction?
    /// The fixes, missing or beyond the requested set, that explain the difference; empty where none do.
    public var fixes: UpstreamFixes

    public init(name: String, function: KernelFunction?, fixes: UpstreamFixes = []) {
      self.name = name
      self.function = function
      self.fixes = fixes
    }
  }

  /// The parts that cause the difference in each case, by the finding's place.
  public var shares: [Int: [Share]]
  /// The functions whose text differs from the reference.
  public var suspects: Set<KernelFunction>
  /// The suspects that the experiments could not put into the reference.
  var untested: Set<KernelFunction> = []

  /// The parts that are causes.
  var guilty: Set<Share> { Set(shares.values.joined()) }

  /// Whether a function has a fix; nil where the experiments do not tell.
  func has(_ fix: UpstreamFixes, _ function: KernelFunction) -> Bool? {
    let own = guilty.filter { $0.function == function }
    if own.contains(where: { $0.fixes.contains(fix) }) { return false }
    return untested.contains(function) || own.contains { $0.fixes.isEmpty } ? nil : true
  }
}

extension UpstreamFixes {
  /// The functions that a fix changes.
  public var functions: [KernelFunction] {
    var functions: [KernelFunction] = []
    if contains(.noVmemmapPmdDestructor) { functions.append(.freePmdTable) }
    if contains(.foldedEntryIsBase) { functions += [.removePudMapping, .removeP4dMapping] }
    return functions
  }
}

/// A part of a subject that causes differences.
public struct Cause: Sendable, Hashable {
  /// The method that found the cause.
  public enum Proof: String, Sendable, Codable {
    /// The reference with this part differs.
    case substitution
    /// Cases that call it differ; there was no experiment.
    case calls
  }

  /// The C name of a function, a helper or another definition.
  public var name: String
  /// The fixes, missing or beyond the requested set, that explain all its differences; empty when none do.
  public var fixes: UpstreamFixes
  public var proof: Proof

  package init(name: String, fixes: UpstreamFixes, proof: Proof) {
    self.name = name
    self.fixes = fixes
    self.proof = proof
  }
}
