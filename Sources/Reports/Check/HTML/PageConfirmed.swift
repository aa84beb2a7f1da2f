// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle

/// What a running kernel did beside the model, in the words of the template. All of it is from a file, and
/// so a stranger's.
struct PageConfirmed {
  /// A place where model and kernel part.
  struct Parting {
    var partingCase: String
    var partingStep: String
    var partingPlace: String
    var ofModel: String
    var ofKernel: String
  }

  /// A hazard that was seen, at the first place of the file that has the kernel's words for it.
  struct Seen {
    var seenTitle: String
    var seenIn: String
    var seenSentence: String
    /// Line by line; empty where the kernel said nothing.
    var kernelLines: String
  }

  var kernel: String
  var release: String
  var machine: String
  var agreeing: Int
  var parted: Int
  var differingTone: String
  var skipped: Int
  var confirmedBy: String
  var kernelTitle: String
  var partings: [Parting]
  var seenHazards: [Seen]
  var moreConfirmed: String

  /// Places and lines that a page shows of one file.
  private static let limits = (partings: 50, lines: 20)

  init(_ file: ConfirmFile) {
    let confirmation = file.confirmation
    let cases = confirmation.cases
    kernel = PageText.line(confirmation.kernel)
    release = PageText.line(confirmation.release ?? "none booted")
    machine = PageText.line(confirmation.machine)
    agreeing = cases.count { $0.status == "agrees" }
    parted = cases.count { $0.status == "disagrees" }
    differingTone = parted == 0 ? "good" : "bad"
    skipped = cases.count - agreeing - parted
    confirmedBy = PageText.line(file.name)
    kernelTitle =
      "\(kernel): "
      + ConfirmFile.counts(agreeing: agreeing, differing: parted, skipped: skipped)
    let all = cases.flatMap { one in one.disagreements.map { (one, $0) } }
    partings = all.prefix(Self.limits.partings).map { one, parting in
      Parting(
        partingCase: PageText.line("\(one.id)@\(one.mode)"),
        partingStep: PageText.line(parting.step),
        partingPlace: PageText.line(parting.place), ofModel: PageText.line(parting.model),
        ofKernel: PageText.line(parting.kernel))
    }
    seenHazards = Hazard.ID.allCases.compactMap { Self.seen($0, in: cases) }
    moreConfirmed =
      all.count > partings.count
      ? "\(all.count - partings.count) more places are left out; the file has all." : ""
  }

  private static func seen(_ id: Hazard.ID, in cases: [WireConfirm.Case]) -> Seen? {
    let places = cases.flatMap { one in
      one.hazards.filter { $0.id == id && $0.seen != nil }.map { (one, $0) }
    }
    guard let (one, shown) = places.first(where: { !$0.1.lines.isEmpty }) ?? places.first
    else { return nil }
    let more = shown.lines.count - limits.lines
    let lines =
      shown.lines.prefix(limits.lines).map { SafeText.line(PageText.line($0)) }
      + (more > 0 ? ["(\(more) more lines)"] : [])
    return Seen(
      seenTitle: "\(id.rawValue): \(Hazard(id).title)",
      seenIn: "in \(places.count) \(places.count == 1 ? "step" : "steps")",
      seenSentence: PageText.line(
        "\(one.id)@\(one.mode), \(shown.step). Predicted: \(shown.predicted). "
          + "Seen: \(shown.seen ?? "").", atMost: 800),
      kernelLines: lines.joined(separator: "\n"))
  }
}
