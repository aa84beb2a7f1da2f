// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle

/// The section on running kernels on a check's page. Its contents come from files, so all text in it is
/// untrusted.
struct ConfirmedSections {
  private let files: [ConfirmFile]

  /// The most disagreements of one file, and the most kernel lines of one hazard, on a page.
  private static let limits = (partings: 50, lines: 20)

  init(_ files: [ConfirmFile]) { self.files = files }

  var section: Section {
    var section = Section(
      id: "confirmed", heading: "Confirmed on running kernels", importance: .full)
    section.add(
      .paragraph(
        """
        Running kernels compared with the model, from files of earlier runs. This is about the \
        model that subjects are held against, and no part of the verdict.
        """
      ))
    section.add(
      .table(
        Table(
          caption: "kernels, and the number of cases in which each agrees with the model",
          head: ["kernel", "release", "machine", "agree", "differ", "skipped", "by"],
          rows: files.map(row), numbers: [3, 4, 5])))
    for file in files { section.blocks.append(Block(kind: details(file), importance: .full)) }
    return section
  }

  private func row(_ file: ConfirmFile) -> Table.Row {
    let confirmation = file.confirmation
    let counts = Self.counts(file)
    let tone: Span.Tone = counts.differing == 0 ? .good : .bad
    return Table.Row(cells: [
      "\(code: confirmation.kernel)", "\(code: confirmation.release ?? "none booted")",
      "\(code: confirmation.machine)", "\(counts.agreeing)",
      "\(String(counts.differing), tone: tone)", "\(counts.skipped)", "\(code: file.name)",
    ])
  }

  private static func counts(
    _ file: ConfirmFile
  ) -> (agreeing: Int, differing: Int, skipped: Int) {
    let cases = file.confirmation.cases
    let agreeing = cases.count { $0.status == "agrees" }
    let differing = cases.count { $0.status == "disagrees" }
    return (agreeing, differing, cases.count - agreeing - differing)
  }

  private func details(_ file: ConfirmFile) -> Block.Kind {
    let cases = file.confirmation.cases
    let counts = Self.counts(file)
    let all = cases.flatMap { one in one.disagreements.map { (one, $0) } }
    var kinds: [Block.Kind] = []
    if !all.isEmpty {
      kinds.append(.paragraph("Where model and kernel part:"))
      kinds.append(
        .list(
          all.prefix(Self.limits.partings).map { one, parting in
            """
            \(code: "\(one.id)@\(one.mode)"), \(code: parting.step), \(code: parting.place): \
            the model has \(code: parting.model), the kernel \(code: parting.kernel)
            """
          }))
    }
    let seen = Hazard.ID.allCases.flatMap { Self.seen($0, in: cases) }
    if !seen.isEmpty {
      kinds.append(.paragraph("Hazards of upstream's own text that were seen:"))
      kinds += seen
    }
    if all.count > Self.limits.partings {
      kinds.append(
        .paragraph(
          """
          \(all.count - Self.limits.partings) more places are left out; the file has all.
          """))
    }
    let title = ConfirmFile.counts(
      agreeing: counts.agreeing, differing: counts.differing, skipped: counts.skipped)
    return .fold(
      "\(code: file.confirmation.kernel): \(title)",
      kinds.map { Block(kind: $0, importance: .full) })
  }

  /// A hazard at the first place in the file with kernel lines about it, else at the first place where the
  /// kernel showed it; empty if there is none.
  private static func seen(_ id: Hazard.ID, in cases: [WireConfirm.Case]) -> [Block.Kind] {
    let places = cases.flatMap { one in
      one.hazards.filter { $0.id == id && $0.seen != nil }.map { (one, $0) }
    }
    guard let (one, shown) = places.first(where: { !$0.1.lines.isEmpty }) ?? places.first
    else { return [] }
    let sentence: Phrase =
      """
      \(id.rawValue): \(Hazard(id).title) (in \(Words.count(places.count, "step"))). \
      \(code: "\(one.id)@\(one.mode)"), \(code: shown.step). Predicted: \
      \(code: shown.predicted). Seen: \(code: shown.seen ?? "").
      """
    let more = shown.lines.count - limits.lines
    var lines = shown.lines.prefix(limits.lines).map { Listing.Line(text: $0) }
    if more > 0 { lines.append(Listing.Line(text: "... \(more) more lines", tone: .faint)) }
    return [.paragraph(sentence)]
      + (lines.isEmpty ? [] : [.listing(Listing(caption: "the kernel's words", lines: lines))])
  }
}
