// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A few of a tree's own definitions, in a unit that can be compiled and run by itself.
public struct Probe: Sendable {
  /// The unit to compile.
  public let extraction: Extraction
  /// "FILE:LINE" of the probed definition.
  public let place: String

  /// Probes `pfn_to_kaddr` of `asm/page.h`, a function or a macro; nil if the subject has none.
  public static func pfnToKaddr(
    of subject: SubjectText, stubs: String
  ) throws(Failure) -> Probe? {
    let files = try ProbeAssembly.parsed(subject, paths: [header("page.h")])
    let name = "pfn_to_kaddr"
    guard let place = ProbeAssembly.place(of: name, in: files) else { return nil }
    let assembly = try ProbeAssembly(
      files, own: [name], stubs: try StubNames(folder: stubs, withProbes: true))
    return Probe(
      extraction: try assembly.extraction(
        before: ["#include <mhp/prelude.h>"],
        behind: ["#define MHP_PROBE_PFN_TO_KADDR 1", "#include <mhp/probe.h>"]),
      place: place)
  }

  private static func header(_ name: String) -> String { "arch/riscv/include/asm/\(name)" }
}

/// The helpers for device pages (commit 216e04bf1e4d) in a subject.
public struct DevmapProbe: Sendable {
  /// "FILE:LINE" of each helper in the subject, by name; `_PAGE_DEVMAP` is the bit itself.
  public let places: [String: String]
  /// The names of the missing helpers.
  public let missing: [String]
  /// The unit to compile; nil unless all helpers exist.
  public let extraction: Extraction?

  private static let helpers = [
    "pte_mkdevmap", "pmd_mkdevmap", "pte_devmap", "pmd_devmap", "pud_devmap", "_PAGE_DEVMAP",
  ]
  /// Conversions that the helpers use, if the subject has them.
  private static let conversions = ["pmd_pte", "pte_pmd", "pud_pte", "pte_pud"]

  /// Finds the helpers in the headers of the architecture.
  public init(_ subject: SubjectText, stubs: String) throws(Failure) {
    let files = try ProbeAssembly.parsed(
      subject,
      paths: ["pgtable.h", "pgtable-64.h", "pgtable-bits.h"].map { "arch/riscv/include/asm/\($0)" })
    var places: [String: String] = [:]
    for name in Self.helpers { places[name] = ProbeAssembly.place(of: name, in: files) }
    self.places = places
    missing = Self.helpers.filter { places[$0] == nil }
    guard missing.isEmpty else {
      extraction = nil
      return
    }
    let own =
      Self.helpers + Self.conversions.filter { ProbeAssembly.place(of: $0, in: files) != nil }
    let assembly = try ProbeAssembly(
      files, own: Set(own), stubs: try StubNames(folder: stubs, withProbes: true))
    extraction = try assembly.extraction(
      before: ["#define CONFIG_ARCH_HAS_PTE_DEVMAP 1", "#include <mhp/prelude.h>"],
      behind: ["#define MHP_PROBE_DEVMAP 1", "#include <mhp/probe.h>"])
  }
}
