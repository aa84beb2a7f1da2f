// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Port
import Subjects

extension SeriesCreation {
  /// Whether hotplug reaches any code that is freed after boot: judged by the call graph of the text, and by
  /// the sections of the object where it can be built.
  func sections() async throws(Failure) -> SeriesRow {
    let found: HotplugSections
    found = try HotplugSections(text)
    guard !found.makers.isEmpty else {
      return text.row(
        on: .sections, without: [], in: ["arch/riscv/mm/init.c"],
        "no entry point of hotplug reaches a function that makes page tables")
    }
    if let fault = found.faults.first {
      let isAbsent = found.makers.allSatisfy { $0.lifetime == .boot }
      let way = fault.path.count > 1 ? ", reached by \(fault.path.joined(separator: " > "))" : ""
      let more = found.faults.count > 1 ? ", and \(found.faults.count - 1) more" : ""
      return SeriesRow(
        .sections, isAbsent ? .absent : .partial, by: .structure,
        evidence: "\(fault.target.name) is freed after boot (\(fault.target.place))\(way)\(more)")
    }
    let mismatches = await self.mismatches()
    if let mismatch = mismatches?.first {
      let more = (mismatches?.count ?? 0) > 1 ? ", and \((mismatches?.count ?? 0) - 1) more" : ""
      return SeriesRow(
        .sections, .partial, by: .structure,
        evidence: "in the object, \(mismatch.from) refers to \(mismatch.to) in \(mismatch.section)"
          + more)
    }
    let object = mismatches == nil ? "" : "; nor does the object refer to a section that is"
    let what =
      text.isFragment
      ? "none of \(found.makers.count) functions that make page tables is freed after boot"
      : "none of \(found.reached) functions that hotplug reaches is freed after boot"
    return SeriesRow(
      .sections, .present, by: .structure,
      evidence: "\(what) (\(found.makers[0].place))\(object)")
  }

  /// The references from a subject's own code to sections that are freed; nil where no object can be built.
  private func mismatches() async -> [SectionMismatch]? {
    let everything = Set(KernelFunction.allCases)
    guard let extraction = try? Extraction.extract(everything, from: text, stubs: stubs),
      let path = try? await stand.compiler.compileObject(
        extraction, into: stand.folder, named: "sections"),
      let data = FileManager.default.contents(atPath: path)
    else { return nil }
    // The harness's own dispatcher calls boot functions, and is not part of any kernel.
    return (try? SectionMismatch.all(inObject: [UInt8](data)))?.filter {
      !$0.from.hasPrefix("mhp_")
    }
  }
}
