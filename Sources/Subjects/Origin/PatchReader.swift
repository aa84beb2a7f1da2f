// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Turns files of patches, which may contain a whole series, into source files.
struct PatchReader {
  /// The name of the whole in diagnostics.
  let name: String
  /// Selects the files to read among those that patches touch.
  let choice: KernelFiles
  /// The patches, in the order in which they apply.
  let order: PatchOrder
  /// The paths of the touched files that are read.
  let wanted: Set<String>
  private let areQuotes: Bool

  /// Reads the patches and puts them in order.
  init(name: String, choice: KernelFiles, files: [PatchFile]) throws(Failure) {
    self.name = name
    self.choice = choice
    let read = try Posting.read(files)
    guard !read.postings.isEmpty else { throw Self.noPatch(read.texts, name) }
    areQuotes = read.areQuotes
    order = try PatchOrder(read.postings)
    let touched = order.postings.flatMap(\.patches).filter { !$0.hunks.isEmpty }
    wanted = Self.wantedPaths(touched, choice)
    guard !wanted.isEmpty else {
      throw Failure(
        .unreadable, "\(name) touches no C file under arch/riscv, mm or include",
        advice: "the hotplug code is in \(KernelPath.main)")
    }
  }

  /// The files after the patches, which apply to a base if there is one.
  func text(kind: String, origin: String, base: PatchBase?) throws(Failure) -> SubjectText {
    let bases = try base?.files(for: wanted, of: name) ?? []
    var series = PatchSeries(name: name, wanted: wanted, bases: bases)
    for posting in order.postings { try series.apply(posting) }
    let isBareFile = base?.isFile ?? false
    let files = series.files(
      mainPath: isBareFile ? bases.first?.path ?? KernelPath.main : KernelPath.main)
    guard !files.isEmpty else {
      throw Failure(.unreadable, "\(name) removes all files that it touches")
    }
    return SubjectText(
      kind: kind, origin: origin, files: files, before: bases + series.oldFiles(),
      warnings: order.warnings + series.warnings + warnings(bases, base))
  }

  private func warnings(_ bases: [SourceFile], _ base: PatchBase?) -> [String] {
    var warnings: [String] = []
    if areQuotes {
      warnings.append(
        "\(name) quotes a patch: lines that the quote omits are unknown")
    }
    let missing = wanted.subtracting(bases.map(\.path)).filter { path in
      order.postings.contains { posting in
        posting.patches.contains { $0.path == path && $0.oldPath != nil }
      }
    }
    if let base, !base.isFile, !missing.isEmpty {
      warnings.append(
        "\(base.name) has no \(missing.sorted().list): only the lines in the patch "
          + "are known")
    }
    return warnings
  }

  private static func noPatch(_ texts: [[RawLine]], _ name: String) -> Failure {
    func hasLine(_ start: String) -> Bool {
      texts.joined().contains { $0.bytes.starts(with: start.utf8) }
    }
    if hasLine("\u{1b}[") {
      return Failure(
        .unreadable, "\(name) contains a patch with terminal colour codes",
        advice: "make it again with git diff --no-color")
    }
    if hasLine("diff --git ") {
      return Failure(
        .unreadable, "\(name) changes no text: it renames files, changes modes or is binary")
    }
    if hasLine("*** ") || hasLine("***************") {
      return Failure(
        .unreadable, "\(name) is a context diff", advice: "make it again with git diff or diff -u")
    }
    if ["<!DOCTYPE html", "<!doctype html", "<html"].contains(where: hasLine) {
      return Failure(
        .unreadable, "\(name) is a web page that shows a patch",
        advice: "fetch the patch as text, e.g. with b4 or by the link \"raw\"")
    }
    return Failure(
      .unreadable, "\(name) contains no patch",
      advice: "a patch is a unified diff (git diff, diff -u)")
  }

  /// The touched paths that matter. A diff between two bare files has no folders in its paths, so a single C
  /// file counts, too.
  private static func wantedPaths(_ files: [FilePatch], _ choice: KernelFiles) -> Set<String> {
    let paths = Set(files.map(\.path))
    let known = paths.filter(choice.isReadFromPatches)
    if !known.isEmpty { return known }
    let isBareFile =
      paths.count == 1 && paths.allSatisfy { $0.hasSuffix(".c") && !$0.contains("/") }
    return isBareFile ? paths : []
  }
}
