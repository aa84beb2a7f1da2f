// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

extension Extraction {
  private static let commit = "c75a74f4ba19"

  /// Cuts the functions of the surface, and what they need, out of a subject.
  ///
  /// - Parameters:
  ///   - subject: files as the user gave them, the most important first.
  ///   - stubs: the folder of the stub headers; names that they define are not taken from `subject`.
  /// - Throws: one line that says what is missing, broken or refused, with file and line.
  public static func extract(
    from subject: SubjectText, stubs: String
  ) throws(SubjectError) -> Extraction {
    let (files, closure) = try chosen(from: subject, stubs: stubs, roots: SurfaceNames.all)
    let surface = closure.surface()
    try checkComplete(files, surface.map(\.name))
    let isPatch = subject.kind == "patch"
    guard surface.contains(where: { isPatch || SurfaceNames.isOfHotplug($0.name) }) else {
      throw missing(subject)
    }
    if files.contains(where: \.text.isFragment) { try checkTouched(files, surface) }
    var assembly = Assembly(files: files, closure: closure, roots: SurfaceNames.all)
    return try assembly.extraction()
  }

  /// Cuts some functions of the surface, and what they need, out of a subject, whatever else of the
  /// surface it has: where they call a function that the stub headers have too, they get that one.
  ///
  /// - Returns: nil when the subject has none of these functions.
  /// - Throws: as `extract(from:stubs:)`; nothing that is missing is an error.
  public static func extract(
    _ roots: Set<SurfaceFunction>, from subject: SubjectText, stubs: String
  ) throws(SubjectError) -> Extraction? {
    let names = Set(roots.map(\.name))
    let (files, closure) = try chosen(from: subject, stubs: stubs, roots: names)
    guard !closure.surface().isEmpty else { return nil }
    var assembly = Assembly(files: files, closure: closure, roots: names)
    return try assembly.extraction()
  }

  private static func chosen(
    from subject: SubjectText, stubs: String, roots: Set<String>
  ) throws(SubjectError) -> ([ParsedFile], Closure) {
    let stubNames = try StubNames(folder: stubs)
    var files: [ParsedFile] = []
    for (index, file) in subject.files.enumerated() where !isConfiguration(file) {
      let text = SplicedText(file, isFragment: isFragment(file, of: subject))
      files.append(try ItemParser.parse(text, isStrict: index == 0))
    }
    return (files, try Closure(files, stubs: stubNames, roots: roots))
  }

  private static func isConfiguration(_ file: SourceFile) -> Bool {
    file.path.split(separator: "/").last?.hasPrefix("Kconfig") ?? false
  }

  /// A patch that was not applied to a file: its lines are numbered as in the patch, where the
  /// first lines are headers, so that none of the lowest numbers is there.
  private static func isFragment(_ file: SourceFile, of subject: SubjectText) -> Bool {
    ["patch", "series"].contains(subject.kind)
      && !file.lines.contains { !$0.isAdded && $0.number <= 3 }
  }

  private static func checkComplete(
    _ files: [ParsedFile], _ found: [String]
  ) throws(SubjectError) {
    for file in files {
      // What a patch shows of the creation side may be no more than context.
      for (name, offset) in file.incomplete
      where !found.contains(name) && (found.isEmpty || SurfaceNames.isOfHotplug(name)) {
        let location = file.text.location(offset)
        throw file.text.isFragment
          ? SubjectError(
            message: "\(location): \(name) is incomplete in this patch",
            advice: "apply it with --base FILE")
          : SubjectError(message: "\(location): \(name) is incomplete")
      }
    }
  }

  private static func missing(_ subject: SubjectText) -> SubjectError {
    SubjectError(
      message: "\(subject.origin) has none of the surface: no function of commit \(commit) "
        + "(free_pte_table ... vmemmap_free) is defined in it",
      advice: "the kernel predates memory hotplug for RISC-V (v6.11) or the patch is not applied; "
        + "mhpcheck series says what of it is there",
      isAboutSurface: ["tree", "tarball", "git", "debian"].contains(subject.kind))
  }

  private static func checkTouched(
    _ files: [ParsedFile], _ surface: [(file: Int, item: Int, name: String)]
  ) throws(SubjectError) {
    let isTouched = surface.contains { file, index, _ in
      let text = files[file].text
      let range = files[file].items[index].range
      let lines = text.lineIndex(at: range.lowerBound)...text.lineIndex(at: range.upperBound - 1)
      return text.file.lines[lines].contains(where: \.isAdded)
    }
    guard !isTouched else { return }
    throw SubjectError(
      message: "the patch adds no line to any of the functions that are checked",
      advice: "mhpcheck list functions names them")
  }
}

/// Puts the chosen items into one translation unit.
private struct Assembly {
  let files: [ParsedFile]
  let closure: Closure
  /// The names of the functions that are called from outside.
  let roots: Set<String>
  private let macroUses: [String: Set<String>]
  private var writer = UnitWriter()
  private var functions: [SurfaceFunction: FunctionOrigin] = [:]
  private var sources: [SurfaceFunction: [SourceLine]] = [:]
  private var pulled: Set<String> = []
  private var spans: [FunctionSpan] = []
  /// Functions and prototypes that stand above what is being written.
  private var declared: Set<String> = []

  init(files: [ParsedFile], closure: Closure, roots: Set<String>) {
    self.files = files
    self.closure = closure
    self.roots = roots
    macroUses = closure.macroUses
  }

  /// Assembly keywords could also be pasted together from parts, so the preprocessor takes them
  /// away from the subject's text.
  private static let assemblyWords = ["asm", "__asm", "__asm__"]

  mutating func extraction() throws(SubjectError) -> Extraction {
    let own = files.indices.flatMap { file in order(file).map { files[file].items[$0] } }
      .filter { $0.kind == .function && SurfaceNames.all.contains($0.names[0]) }
      .map { "#define MHP_OWN_\($0.names[0]) 1" }
    writer.glue(
      Set(own).sorted() + ["#include <mhp/prelude.h>"]
        + Self.assemblyWords.map { "#define \($0) mhp_inline_assembly_is_refused" })
    let later = functionsByName()
    for file in files.indices.reversed() {
      var end = 0
      for index in order(file) {
        let item = files[file].items[index]
        // Part of an item that starts with a conditional, which was written already.
        guard item.range.lowerBound >= end else { continue }
        end = item.range.upperBound
        try write(file, index, later)
      }
      writer.finishFile()
    }
    writer.glue(
      Self.assemblyWords.map { "#undef \($0)" } + ["#include <mhp/dispatch.h>"])
    return Extraction(
      unit: writer.unit, extractedText: writer.extracted, functions: functions, sources: sources,
      pulled: pulled.sorted(), spans: spans)
  }

  private func order(_ file: Int) -> [Int] {
    closure.chosen[file].sorted {
      let (left, right) = (files[file].items[$0].range, files[file].items[$1].range)
      return (left.lowerBound, right.upperBound) < (right.lowerBound, left.upperBound)
    }
  }

  private func functionsByName() -> [String: [(file: Int, item: Int)]] {
    var result: [String: [(file: Int, item: Int)]] = [:]
    for file in files.indices {
      for index in order(file) where files[file].items[index].kind == .function {
        for name in files[file].items[index].names.prefix(1) {
          result[name, default: []].append((file, index))
        }
      }
    }
    return result
  }

  private mutating func write(
    _ file: Int, _ index: Int, _ functionsByName: [String: [(file: Int, item: Int)]]
  ) throws(SubjectError) {
    let parsed = files[file]
    let item = parsed.items[index]
    let name = item.names[0]
    let refused = RefusedConstructs(parsed.text)
    try refused.check(item.range, of: name)
    for branch in item.chain {
      for directive in parsed.groups[branch.group].directives[...branch.branch] {
        try refused.check(directive, of: name)
      }
    }
    if item.kind == .function || item.kind == .declaration {
      for used in reached(file, index).sorted() where used != name && !declared.contains(used) {
        for (otherFile, other) in functionsByName[used] ?? [] {
          writer.prototype(of: files[otherFile].items[other], in: files[otherFile])
        }
      }
    }
    let unitRange = writer.write(item, of: parsed)
    if item.kind != .macro { declared.formUnion(item.names) }
    if item.kind == .function {
      spans.append(FunctionSpan(name, item, parsed.text, unitRange: unitRange))
    }
    if item.kind == .function, name == SurfaceNames.preparation {
      writer.glue(["#define MHP_HAVE_\(name) 1"])
    }
    guard item.kind == .function, roots.contains(name), let function = SurfaceFunction(name: name)
    else {
      if !roots.contains(name) { pulled.formUnion(item.names) }
      return
    }
    writer.glue(try CallGlue(parsed.text, function).lines(for: item))
    if functions[function] == nil {
      let first = parsed.text.lineIndex(at: item.range.lowerBound)
      let last = parsed.text.lineIndex(at: item.range.upperBound - 1)
      let lines = parsed.text.file.lines
      functions[function] = FunctionOrigin(
        displayName: lines[first].displayName, firstLine: lines[first].number,
        lastLine: lines[last].number)
      sources[function] = Array(lines[first...last])
    }
  }

  /// What an item uses, also through macros of the subject.
  private func reached(_ file: Int, _ index: Int) -> Set<String> {
    var result = closure.uses[file][index] ?? []
    var work = Array(result)
    while let name = work.popLast() {
      for other in macroUses[name] ?? [] where result.insert(other).inserted {
        work.append(other)
      }
    }
    return result
  }
}
