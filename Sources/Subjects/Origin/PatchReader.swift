// SPDX-License-Identifier: GPL-2.0-only

/// Turns the text of a patch file, which may hold a whole series, into source files.
struct PatchReader {
  /// What diagnostics call the patch file.
  let name: String
  /// The file to apply the patch to.
  let baseFile: String?
  /// Which of the files that patches touch are read.
  var choice = KernelFiles.subject

  /// A patch and the file that it stands in.
  private struct NamedPatch {
    let name: String
    let files: [FilePatch]
  }

  /// The files that the patches in `bytes` leave, the most important one first.
  func files(in bytes: [UInt8]) throws(SubjectError) -> [SourceFile] {
    try files(in: [(name, bytes)])
  }

  /// The files that the patches in some patch files leave, applied in order.
  func files(in patchFiles: [(name: String, bytes: [UInt8])]) throws(SubjectError) -> [SourceFile] {
    var texts: [[RawLine]] = []
    var patches: [NamedPatch] = []
    for (name, bytes) in patchFiles {
      for text in Mail.texts(in: try RawLine.split(bytes, name: name)) {
        if let line = text.first(where: { $0.bytes.contains(0) }) {
          throw SubjectError(message: "\(name):\(line.number): binary, not text, once decoded")
        }
        let files = try DiffParser.parse(text, name: name)
        if !files.isEmpty { patches.append(NamedPatch(name: name, files: files)) }
        texts.append(text)
      }
    }
    guard !patches.isEmpty else { throw noPatch(texts) }
    let touched = patches.lazy.flatMap(\.files)
    let wanted = wantedPaths(touched.filter { !$0.hunks.isEmpty })
    guard !wanted.isEmpty else {
      throw SubjectError(
        message: "\(name) touches no C file under arch/riscv, mm or include",
        advice: "the hotplug code is in \(KernelPath.main)")
    }
    try checkOrder(touched)
    var series = PatchSeries(name: name, wanted: wanted)
    let target = try baseFile.map { base throws(SubjectError) in
      let target = try baseTarget(wanted)
      let bytes = try InputFile.read(base, regularOnly: false)
      series.begin(
        target,
        base: try SourceFile(path: target, displayName: base, bytes: bytes, isBase: true))
      return target
    }
    for patch in patches { try series.apply(patch.files, of: patch.name) }
    let files = series.files(mainPath: target ?? KernelPath.main)
    guard !files.isEmpty else {
      throw SubjectError(message: "\(name) leaves nothing of the files that it touches")
    }
    return files
  }

  private func noPatch(_ texts: [[RawLine]]) -> SubjectError {
    func hasLine(_ start: String) -> Bool {
      texts.joined().contains { $0.bytes.starts(with: start.utf8) }
    }
    if hasLine("\u{1b}[") {
      return SubjectError(
        message: "\(name) holds no patch but the colours of one",
        advice: "make it again with git diff --no-color")
    }
    if hasLine("diff --git ") {
      return SubjectError(
        message: "\(name) changes no text: it renames files, changes modes or is binary")
    }
    if hasLine("*** ") || hasLine("***************") {
      return SubjectError(
        message: "\(name) is a context diff", advice: "make it again with git diff or diff -u")
    }
    return SubjectError(
      message: "\(name) holds no patch", advice: "a patch is a unified diff (git diff, diff -u)")
  }

  /// Refuses what `git log -p` writes: the last change stands first there, and applied in that
  /// order the patches give nothing that ever was.
  private func checkOrder(_ files: some Sequence<FilePatch>) throws(SubjectError) {
    var last: [String: FilePatch] = [:]
    for file in files {
      if let before = last.updateValue(file, forKey: file.path)?.blobs, let after = file.blobs,
        before.old == after.new, before.new != after.old
      {
        throw SubjectError(
          message: "\(name):\(file.number): the patches stand in reverse, newest first",
          advice: "git format-patch --stdout or git log -p --reverse writes them oldest first")
      }
    }
  }

  /// The paths that matter among those touched. A diff between two bare files has no folders to
  /// go by, so a single C file counts too.
  private func wantedPaths(_ files: [FilePatch]) -> Set<String> {
    let paths = Set(files.map(\.path))
    let known = paths.filter(choice.isReadFromPatches)
    if !known.isEmpty { return known }
    let isBareFile =
      paths.count == 1 && paths.allSatisfy { $0.hasSuffix(".c") && !$0.contains("/") }
    return isBareFile ? paths : []
  }

  private func baseTarget(_ wanted: Set<String>) throws(SubjectError) -> String {
    if wanted.contains(KernelPath.main) { return KernelPath.main }
    if wanted.count == 1, let only = wanted.first { return only }
    throw SubjectError(
      message: "\(name) touches \(wanted.count) files and none of them is \(KernelPath.main)",
      advice: "--base needs a patch to that file, or to one file only")
  }
}

/// The files of a series while its patches are applied one after the other.
private struct PatchSeries {
  let name: String
  let wanted: Set<String>
  private var texts: [String: PatchedText] = [:]
  private var bases: [String: String] = [:]
  private var order: [String] = []
  private var patchCount = 0
  private var hunkCount = 0

  init(name: String, wanted: Set<String>) {
    self.name = name
    self.wanted = wanted
  }

  mutating func begin(_ path: String, base: SourceFile) {
    texts[path] = PatchedText(base: base.lines)
    bases[path] = base.displayName
    order.append(path)
  }

  mutating func apply(_ patch: [FilePatch], of name: String) throws(SubjectError) {
    patchCount += 1
    for file in patch {
      if let old = file.oldPath, let new = file.newPath, old != new, texts[new] == nil {
        move(from: old, to: new)
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
        throw SubjectError(
          message: "\(name) changes \(path) in more places or lines than any kernel patch does")
      }
      if let failed = text.apply(file.hunks, displayName: name) {
        throw doesNotApply(file, hunk: failed, of: name)
      }
      texts[path] = text
    }
  }

  func files(mainPath: String) -> [SourceFile] {
    let ranked =
      order.filter { $0 == mainPath }
      + order.filter { $0 != mainPath && $0.hasPrefix("arch/riscv/") }
      + order.filter { $0 != mainPath && !$0.hasPrefix("arch/riscv/") }
    return ranked.compactMap { path in
      guard let lines = texts[path]?.lines, !lines.isEmpty else { return nil }
      return SourceFile(path: path, displayName: bases[path] ?? name, lines: lines)
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

  private func doesNotApply(
    _ file: FilePatch, hunk index: Int, of name: String
  ) -> SubjectError {
    let hunk = "hunk \(index + 1) (line \(file.hunks[index].number) of the patch)"
    if let base = bases[file.path] {
      return SubjectError(
        message: "\(hunk) does not apply to \(base)",
        advice: "\(base) may be of another kernel version, or hold the change already")
    }
    return SubjectError(
      message:
        "\(name): \(hunk), in patch \(patchCount) of the file, does not apply to \(file.path)"
        + " as the patches before it leave it",
      advice: "keep one version of each patch in the file, in order, or give --base FILE")
  }
}
