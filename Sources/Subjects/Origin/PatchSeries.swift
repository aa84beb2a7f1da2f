// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The files of a series, while its patches are applied one after the other.
struct PatchSeries {
  /// The name of the series in diagnostics.
  let name: String
  /// The paths of the files to read; the series skips others.
  let wanted: Set<String>
  private var texts: [String: PatchedText] = [:]
  private var bases: [String: String] = [:]
  private var order: [String] = []
  private var patchCount = 0
  private var hunkCount = 0
  /// The files that an earlier patch changed.
  private var changed: Set<String> = []
  /// The hunks of files without a base, with the names of the patch files.
  private var shown: [String: [(name: String, hunk: Hunk)]] = [:]
  /// Warnings about blanks in which patches and base differ.
  private(set) var warnings: [String] = []

  init(name: String, wanted: Set<String>, bases: [SourceFile]) {
    self.name = name
    self.wanted = wanted
    for base in bases {
      texts[base.path] = PatchedText(base: base.lines)
      self.bases[base.path] = base.displayName
      order.append(base.path)
    }
  }

  mutating func apply(_ posting: Posting) throws(Failure) {
    patchCount += 1
    for file in posting.patches {
      if let old = file.oldPath, let new = file.newPath, old != new, texts[new] == nil {
        move(from: old, to: new)
      }
      if wanted.contains(file.path), bases[file.path] == nil {
        shown[file.path, default: []] += file.hunks.map { (posting.file, $0) }
      }
      guard let path = file.newPath else {
        if let old = file.oldPath { forget(old) }
        continue
      }
      guard wanted.contains(path) else { continue }
      if texts[path] == nil { order.append(path) }
      var text = texts[path] ?? PatchedText()
      hunkCount += file.hunks.count
      let lineCount = file.hunks.reduce(text.lines.count) { $0 + $1.lines.count }
      guard hunkCount <= PatchedText.hunkLimit, lineCount <= PatchedText.lineLimit else {
        throw Failure(
          .unreadable,
          "\(posting.file) changes \(path) in more places or lines than any kernel patch "
            + "does")
      }
      let before = text
      if let failed = text.apply(file.hunks, displayName: posting.file) {
        guard let loose = Self.applied(file, to: before, displayName: posting.file) else {
          throw refusal(of: file, at: failed, in: before, posting)
        }
        text = loose
      }
      if !changed.contains(path) { try compare(file, text, with: before, posting) }
      texts[path] = text
      changed.insert(path)
    }
  }

  /// The files after the patches, the most important one first.
  func files(mainPath: String) -> [SourceFile] {
    let ranked =
      order.filter { $0 == mainPath }
      + order.filter { $0 != mainPath && $0.hasPrefix("arch/riscv/") }
      + order.filter { $0 != mainPath && !$0.hasPrefix("arch/riscv/") }
    return ranked.compactMap { path in
      guard let text = texts[path], !text.lines.isEmpty else { return nil }
      return SourceFile(
        path: path, displayName: bases[path] ?? name, lines: text.lines, gaps: text.gaps)
    }
  }

  /// The old lines that the patches show of files without a base, hunk by hunk.
  func oldFiles() -> [SourceFile] {
    shown.keys.sorted().map { path in
      var lines: [SourceLine] = []
      var gaps: [Int] = []
      for (name, hunk) in shown[path] ?? [] {
        gaps.append(lines.count)
        lines += hunk.lines.filter { $0.role != .added }.map {
          SourceLine(text: $0.text, displayName: name, number: $0.number, isAdded: false)
        }
      }
      return SourceFile(path: path, displayName: name, lines: lines, gaps: gaps)
    }
  }

  private mutating func move(from old: String, to new: String) {
    guard let text = texts.removeValue(forKey: old) else { return }
    texts[new] = text
    bases[new] = bases.removeValue(forKey: old)
    order = order.map { $0 == old ? new : $0 }
  }

  private mutating func forget(_ path: String) {
    texts[path] = nil
    bases[path] = nil
    order.removeAll { $0 == path }
  }

  /// Compares a patch with its base: throws if the base defines functions that the patch adds, and warns of other
  /// blanks.
  private mutating func compare(
    _ file: FilePatch, _ text: PatchedText, with before: PatchedText, _ posting: Posting
  ) throws(Failure) {
    guard let base = bases[file.path] else { return }
    // In a header, a definition may give way to one before it.
    if file.path.hasSuffix(".c") {
      let repeated = text.repeated(among: before.defined(among: file.addedFunctions))
      if let failure = alreadyDefined(repeated, file, posting) { throw failure }
    }
    let hasOtherBlanks =
      text.ignoresBlanks
      || (file.isIndentedWithBlanks && before.lines.contains { $0.text.hasPrefix("\t") })
    guard hasOtherBlanks else { return }
    warnings.append(
      "\(posting.file) has other blanks than \(base), e.g. blanks for tabs: a mail program or an "
        + "editor may have changed it")
  }

  /// A base after a patch whose old lines differ from it in blanks alone; nil for any other patch.
  private static func applied(
    _ file: FilePatch, to text: PatchedText, displayName: String
  ) -> PatchedText? {
    guard text.isComplete, !text.ignoresBlanks, !text.holds(file.hunks).contains(true) else {
      return nil
    }
    var loose = text.ignoringBlanks
    return loose.apply(file.hunks, displayName: displayName) == nil ? loose : nil
  }

  private func refusal(
    of file: FilePatch, at index: Int, in text: PatchedText, _ posting: Posting
  ) -> Failure {
    let base = bases[file.path]
    let held = text.holds(file.hunks)
    if held.allSatisfy({ $0 }) { return alreadyHeld(file, held, posting) }
    if text.isComplete {
      // The base may hold a newer state of what the patch adds.
      let known = text.defined(among: file.addedFunctions)
      if let failure = alreadyDefined(known, file, posting) { return failure }
      if held.contains(true) { return alreadyHeld(file, held, posting) }
    }
    let hunk = "hunk \(index + 1) (line \(file.hunks[index].number) of the patch)"
    if let base {
      return Failure(
        .unreadable, "\(hunk) does not apply to \(base)",
        advice: "\(base) may be from another kernel version, or may already contain the change")
    }
    return Failure(
      .unreadable,
      "\(posting.file): \(hunk), in patch \(patchCount) of the file, does not apply to "
        + "\(file.path) after the earlier patches",
      advice: "keep one version of each patch in the file, in order, or give --base FILE")
  }

  /// The text to which a patch applies, in diagnostics; and the patch, with a blank before it, or nothing where there
  /// is only one.
  private func names(_ file: FilePatch, _ posting: Posting) -> (base: String, which: String) {
    let isChanged = changed.contains(file.path)
    let base =
      isChanged ? "\(file.path), after the earlier patches," : bases[file.path] ?? file.path
    let hasTitle = posting.tag.map { !$0.title.isEmpty } ?? false
    let name = hasTitle ? posting.name : "\(posting.file):\(file.number)"
    return (base, isChanged || patchCount > 1 || hasTitle ? " \(name)" : "")
  }

  /// The error for a patch that adds functions which the text already defines; nil if there are none.
  private func alreadyDefined(
    _ functions: [String], _ file: FilePatch, _ posting: Posting
  ) -> Failure? {
    guard let first = functions.first else { return nil }
    let (base, which) = names(file, posting)
    return Failure(
      .unreadable,
      functions.count > 3
        ? "\(base) already defines \(first) and \(functions.count - 1) others that the patch\(which) adds"
        : "\(base) already defines \(functions.list), which the patch\(which) adds",
      advice: "check \(base) by itself, or give the text that the patch was made for")
  }

  /// The error for a patch whose result the text already contains.
  private func alreadyHeld(
    _ file: FilePatch, _ held: [Bool], _ posting: Posting
  ) -> Failure {
    let (base, which) = names(file, posting)
    let hunks = held.indices.filter { held[$0] }
    let lines = hunks.flatMap { file.hunks[$0].lines }
    let isReversed =
      lines.count { $0.role == .removed } > lines.count { $0.role == .added }
    if hunks.count == held.count {
      return isReversed
        ? Failure(
          .unreadable,
          "\(base) lacks the lines that the patch\(which) removes and already has the lines that it "
            + "adds",
          advice: "the patch is reversed, from the new text to the old, or was already applied")
        : Failure(
          .unreadable, "\(base) already contains the patch\(which)",
          advice:
            "check \(base) by itself, or give the text that the patch was made for; the patch may also "
            + "be reversed (from the new text to the old)")
    }
    let numbers = hunks.map { String($0 + 1) }.list
    let word = hunks.count == 1 ? "hunk" : "hunks"
    let (verb, adding) = hunks.count == 1 ? ("removes", "it adds") : ("remove", "they add")
    return isReversed
      ? Failure(
        .unreadable,
        "\(base) lacks the lines that \(word) \(numbers) of \(held.count) of the patch\(which) "
          + "\(verb), and already has the lines that \(adding)",
        advice: "these hunks are reversed, or were already applied")
      : Failure(
        .unreadable,
        "\(base) already contains \(word) \(numbers) of \(held.count) of the patch\(which), but "
          + "not the rest",
        advice: "remove these from the patch, or give the text that it was made for")
  }
}
