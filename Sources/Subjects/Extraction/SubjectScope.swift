// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The functions of a subject to judge, and the checks that there are any. A verdict on nothing, or on
/// functions that a patch does not change, is worse than none.
struct SubjectScope {
  private static let commit = "c75a74f4ba19"

  private let subject: SubjectText
  /// The subject's files, parsed, without statements of incomplete functions.
  let files: [ParsedFile]
  /// The visible parts of functions that patches show incompletely, with the index of the file.
  private let parts: [(file: Int, part: ShownPart)]
  /// The functions of the surface that the subject defines, in the order of the surface.
  private let defined: [String]
  /// The hotplug functions that these call and the subject does not show.
  private let called: [String]

  init(_ subject: SubjectText) throws(Failure) {
    self.subject = subject
    files = try Self.parsed(subject.files)
    parts = files.enumerated().flatMap { index, file in
      file.text.isFragment ? ShownPart.all(of: file).map { (index, $0) } : []
    }
    let names = Self.functions(of: files)
    defined = KernelFunction.allCases.map(\.name).filter(names.contains)
    called = Self.called(by: defined, in: files)
  }

  /// The names of the functions to judge.
  var roots: Set<String> { subject.isFragment ? Set(defined) : SurfaceNames.all }

  /// Whether the subject shows a part of hotplug code that existed before.
  var isInPart: Bool {
    let hotplug = defined.filter(SurfaceNames.isOfHotplug)
    return subject.isFragment && !(called.isEmpty && hotplug.allSatisfy(isAdded))
  }

  /// Warnings for the user about functions that stand-ins or the reference replace.
  var warnings: [String] {
    let names = Set(parts.compactMap(\.part.name)).intersection(SurfaceNames.all)
    let shown = names.subtracting(defined).subtracting(called).sorted()
    var warnings: [String] = []
    if !shown.isEmpty {
      warnings.append(
        "incomplete in the patch, replaced by stand-ins: \(shown.list); give a base "
          + "(--base) to have them judged")
    }
    if subject.isFragment, !called.isEmpty {
      warnings.append(
        "missing in the patch, taken from the reference: \(called.list); give a base "
          + "(--base) to have them judged")
    }
    return warnings
  }

  // MARK: Parsing

  /// Parses files, except for Kconfig files.
  static func parsed(_ files: [SourceFile]) throws(Failure) -> [ParsedFile] {
    var parsed: [ParsedFile] = []
    // `HeaderProbe` compares a tree's generic header with the stub headers; a patch to the header contributes
    // the lines that it adds.
    let read = files.filter {
      !isConfiguration($0)
        && !($0.path == "include/linux/pgtable.h" && $0.lines.allSatisfy(\.isAdded))
    }
    for (index, file) in read.enumerated() {
      var found = try ItemParser.parse(SplicedText(file), isStrict: index == 0)
      let heads = ShownPart.heads(of: file).map(\.lines)
      if !heads.isEmpty {
        // Statements look like declarations if their function's start is not visible.
        found.items.removeAll { item in
          let line = found.text.lineIndex(at: item.range.lowerBound)
          return item.kind != .macro && heads.contains { $0.contains(line) }
        }
      }
      parsed.append(found)
    }
    return parsed
  }

  private static func isConfiguration(_ file: SourceFile) -> Bool {
    file.path.split(separator: "/").last?.hasPrefix("Kconfig") ?? false
  }

  private static func functions(of files: [ParsedFile]) -> Set<String> {
    Set(files.flatMap(\.items).filter { $0.kind == .function }.flatMap { $0.names.prefix(1) })
      .intersection(SurfaceNames.all)
  }

  private static func called(by defined: [String], in files: [ParsedFile]) -> [String] {
    var used: Set<String> = []
    for file in files {
      for item in file.items where item.kind == .function && defined.contains(item.names[0]) {
        used.formUnion(UsedNames(file.text).used(by: item))
      }
    }
    return KernelFunction.allCases.map(\.name).filter {
      SurfaceNames.isOfHotplug($0) && used.contains($0) && !defined.contains($0)
    }
  }

  // MARK: Stand-ins

  /// The reference's text of the functions that patches call and do not show; empty if the files are known
  /// whole.
  func standIns(from reference: String?) throws(Failure) -> [ParsedFile] {
    guard subject.isFragment, !called.isEmpty, let reference else { return [] }
    let file = try SourceFile(
      path: "reference", displayName: "reference.inc",
      bytes: try InputFile.read(reference, regularOnly: true), isBase: true)
    var parsed = try ItemParser.parse(SplicedText(file), isStrict: true)
    // The creation side has its own stand-ins, and the subject itself chooses among them.
    let kept = SurfaceNames.all.filter { !SurfaceNames.isOfHotplug($0) }
      .union([SurfaceNames.preparation])
    parsed.items.removeAll { !kept.isDisjoint(with: $0.names) }
    return [parsed]
  }

  // MARK: Refusals

  /// Throws if the subject's own text shows that there is nothing to judge.
  func check(_ closure: Closure) throws(Failure) {
    let isPatch = subject.before != nil
    let lost = try removed()
    if !lost.isEmpty, !defined.contains(where: SurfaceNames.isOfHotplug) {
      throw Failure(
        .unreadable,
        "no function of the surface remains: \(subject.origin) removes "
          + Self.list(lost),
        advice: "check the base of the patch, or the patch that adds the functions")
    }
    try checkComplete()
    let isSubject = defined.contains { isPatch || SurfaceNames.isOfHotplug($0) }
    guard subject.isFragment else {
      guard isSubject else { throw missing() }
      return
    }
    guard isSubject, isTouched(closure) else { throw untouched() }
  }

  /// Throws if a patch or range changes nothing in the judged functions or their helpers.
  func checkChanged(_ extraction: Extraction, stubs: String) throws(Failure) {
    guard !subject.isFragment, let before = subject.before, !before.isEmpty else { return }
    let old = SubjectText(kind: "file", origin: subject.origin, files: before)
    guard
      let former = try? Extraction.extract(Set(KernelFunction.allCases), from: old, stubs: stubs),
      former.extractedText == extraction.extractedText
    else { return }
    throw Failure(
      .unreadable,
      "\(subject.origin) changes none of the functions that are checked, and nothing that they use",
      advice: "run mhpcheck list functions to list them")
  }

  /// Throws if a patch changes a function that it does not show whole: a hotplug function has no stand-in
  /// that could be judged in its place. Throws also if a later patch adds the function.
  private func checkComplete() throws(Failure) {
    for (index, part) in parts {
      guard let name = part.name, SurfaceNames.isOfHotplug(name) || defined.isEmpty else {
        continue
      }
      let file = files[index].text.file
      if part.isTouched, SurfaceNames.all.contains(name), !defined.contains(name) {
        throw Failure(
          .unreadable, "\(part.location(in: file)): \(name) is incomplete in this patch",
          advice: "apply it with --base FILE")
      }
      if defined.contains(name), isAdded(name) {
        throw Failure(
          .unreadable,
          "\(part.location(in: file)): another patch changes \(name) before the patch "
            + "that adds it",
          advice: "put the patches in order, or apply them with --base FILE")
      }
    }
    for file in files where !file.text.isFragment {
      for (name, offset) in file.incomplete
      where !defined.contains(name) && (defined.isEmpty || SurfaceNames.isOfHotplug(name)) {
        throw Failure(.unreadable, "\(file.text.location(offset)): \(name) is incomplete")
      }
    }
  }

  /// Whether a patch adds all lines of a function.
  private func isAdded(_ name: String) -> Bool {
    files.contains { file in
      file.items.contains { item in
        item.kind == .function && item.names[0] == name
          && Self.lines(of: item, in: file).allSatisfy(\.isAdded)
      }
    }
  }

  /// The hotplug functions in the files before the change.
  private func removed() throws(Failure) -> [String] {
    guard let before = subject.before else { return [] }
    let old = before.compactMap { try? ItemParser.parse(SplicedText($0), isStrict: false) }
    let names = Self.functions(of: old)
    return KernelFunction.allCases.filter(\.isOfHotplug).map(\.name).filter(names.contains)
  }

  private func isTouched(_ closure: Closure) -> Bool {
    files.indices.contains { file in
      closure.chosen[file].contains {
        Self.lines(of: files[file].items[$0], in: files[file]).contains(where: \.isTouched)
      }
    }
  }

  private static func lines(of item: SourceItem, in file: ParsedFile) -> ArraySlice<SourceLine> {
    let first = file.text.lineIndex(at: item.range.lowerBound)
    return file.text.file.lines[first...file.text.lineIndex(at: item.range.upperBound - 1)]
  }

  /// The error for a patch that shows no function of the surface, or changes none.
  private func untouched() -> Failure {
    var changed: [String] = []
    for file in files {
      for item in file.items where item.kind != .prototype {
        let isTouched = Self.lines(of: item, in: file).contains(where: \.isTouched)
        if isTouched, let name = item.names.first { changed.append(name) }
      }
    }
    for (_, part) in parts where part.isTouched {
      if let name = part.name { changed.append(name) }
    }
    let names = changed.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    guard !names.isEmpty else {
      return Failure(
        .unreadable, "the patch adds no line to any of the functions that are checked",
        advice: "run mhpcheck list functions to list them")
    }
    return Failure(
      .unreadable,
      "the patch changes \(Self.list(names)), but adds no line to any of the functions that "
        + "are checked",
      advice:
        "if they use it, apply the patch with --base FILE; run mhpcheck list functions to list them"
    )
  }

  private func missing() -> Failure {
    let isKernel = ["tree", "tarball", "git", "debian"].contains(subject.kind)
    let name = subject.origin.split(separator: "/").last.map(String.init) ?? ""
    let isOther = subject.kind == "file" && name.hasSuffix(".c") && name != "init.c"
    return Failure(
      .unreadable,
      "\(subject.origin) lacks the surface: it defines no function of commit "
        + "\(Self.commit) (free_pte_table ... vmemmap_free)",
      advice: isOther
        ? "in a kernel that has them they are in arch/riscv/mm/init.c; give that file or the whole tree"
        : "the kernel predates memory hotplug for RISC-V (v6.11) or the patch is not applied; "
          + "run mhpcheck series to list the commits that the kernel has",
      isAboutSurface: isKernel)
  }

  private static func list(_ names: [String]) -> String {
    guard names.count > 3 else { return names.list }
    return "\(names.prefix(3).joined(separator: ", ")) and \(names.count - 3) more"
  }
}
