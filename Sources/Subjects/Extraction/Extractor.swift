// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Extraction {
  /// Cuts the functions of the surface, and the definitions that they need, out of a subject.
  ///
  /// - Parameters:
  ///   - subject: files as the user gave them, the most important first.
  ///   - stubs: the folder of the stub headers; their definitions replace those of `subject`, except for
  ///     `OwnDefinitions`.
  ///   - reference: the file with the reference's text, which supplies hotplug functions that a patch calls
  ///     and does not show; nil for none.
  /// - Throws: one line that names the missing, broken or refused part, with file and line; also for a
  ///   subject that leaves nothing to judge.
  public static func extract(
    from subject: SubjectText, stubs: String, reference: String? = nil
  ) throws(Failure) -> Extraction {
    let scope = try SubjectScope(subject)
    let standIns = try scope.standIns(from: reference)
    let roots = scope.roots
    let files = scope.files + standIns
    let names = try StubNames(folder: stubs)
    if subject.kind != SubjectText.builtinKind {
      for file in scope.files { try HarnessNames(names).check(file.text) }
    }
    let closure = try Closure(files, stubs: names, roots: roots)
    try scope.check(closure)
    var assembly = Assembly(files: files, closure: closure, roots: roots)
    var extraction = try assembly.extraction()
    try scope.checkChanged(extraction, stubs: stubs)
    extraction.warnings = subject.warnings + scope.warnings + extraction.warnings
    extraction.isInPart = scope.isInPart
    return extraction
  }

  /// Cuts some functions of the surface, and the definitions that they need, out of a subject, and ignores
  /// the rest of the surface. If they call a function that the stub headers also define, they get that one.
  ///
  /// - Returns: nil if the subject has none of these functions.
  /// - Throws: like `extract(from:stubs:reference:)`, but missing functions are not an error.
  public static func extract(
    _ roots: Set<KernelFunction>, from subject: SubjectText, stubs: String
  ) throws(Failure) -> Extraction? {
    let names = Set(roots.map(\.name))
    let files = try SubjectScope.parsed(subject.files)
    let closure = try Closure(files, stubs: try StubNames(folder: stubs), roots: names)
    guard !closure.surface().isEmpty else { return nil }
    var assembly = Assembly(files: files, closure: closure, roots: names)
    return try assembly.extraction()
  }
}

/// Assembles the chosen items into one translation unit.
struct Assembly {
  let files: [ParsedFile]
  let closure: Closure
  /// The functions that the harness calls.
  let roots: Set<String>
  private let frame: UnitFrame
  private let macroUses: [String: Set<String>]
  private var writer = UnitWriter()
  private var functions: [KernelFunction: FunctionOrigin] = [:]
  private var sources: [KernelFunction: [SourceLine]] = [:]
  private var pulled: Set<String> = []
  private var spans: [FunctionSpan] = []
  private var unknownAttributes: [UnknownAttribute] = []
  private var warnings: [String] = []
  private var judgedThroughCallers: Set<KernelFunction> = []
  /// Functions and prototypes above the item that is being written.
  private var declared: Set<String> = []

  init(
    files: [ParsedFile], closure: Closure, roots: Set<String>, frame: UnitFrame = UnitFrame()
  ) {
    self.files = files
    self.closure = closure
    self.roots = roots
    self.frame = frame
    macroUses = closure.macroUses
  }

  /// Macros make these assembly keywords unusable in the subject's text, because the preprocessor could also
  /// paste them together from parts.
  private static let assemblyWords = ["asm", "__asm", "__asm__"]

  mutating func extraction() throws(Failure) -> Extraction {
    let brought = files.indices.flatMap { file in order(file).map { files[file].items[$0] } }
      .filter { $0.kind == .function && SurfaceNames.all.contains($0.names[0]) }.map(\.names[0])
    writer.glue(
      Set(frame.own ?? brought).sorted().map { "#define MHP_OWN_\($0) 1" }
        + ["#include <mhp/prelude.h>"] + frame.before
        + Self.assemblyWords.map { "#define \($0) mhp_inline_assembly_is_refused" })
    let later = functionsByName()
    for file in files.indices.reversed() {
      let anew = closure.own.names(in: file, among: closure.chosen[file])
      writer.glue(anew.map { "#pragma push_macro(\"\($0)\")" })
      var end = 0
      for index in order(file) {
        let item = files[file].items[index]
        // The item is part of an earlier one that starts with a conditional.
        guard item.range.lowerBound >= end else { continue }
        end = item.range.upperBound
        try write(file, index, later)
      }
      writer.finishFile()
      writer.glue(anew.map { "#pragma pop_macro(\"\($0)\")" })
    }
    writer.glue(
      Self.assemblyWords.map { "#undef \($0)" } + frame.behind + ["#include <mhp/dispatch.h>"])
    return Extraction(
      unit: writer.unit, extractedText: writer.extracted, functions: functions, sources: sources,
      pulled: pulled.sorted(), warnings: warnings,
      judgedThroughCallers: judgedThroughCallers.sorted(), spans: spans,
      unknownAttributes: unknownAttributes)
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
  ) throws(Failure) {
    let parsed = files[file]
    let item = parsed.items[index]
    let name = item.names[0]
    let refused = RefusedConstructs(parsed.text, harness: closure.harness)
    try refused.check(item.range, of: name)
    try closure.own.check(index, of: file)
    for branch in item.chain {
      for directive in parsed.groups[branch.group].directives[...branch.branch] {
        try refused.check(directive, of: name)
      }
    }
    if item.kind == .function || item.kind == .declaration {
      for used in reached(file, index).sorted() where used != name && !declared.contains(used) {
        for (otherFile, other) in functionsByName[used] ?? [] {
          writer.prototype(
            of: files[otherFile].items[other], in: files[otherFile],
            behind: closure.own.renaming(other, of: otherFile))
        }
      }
    }
    let unitRange = writer.write(
      item, of: parsed, behind: closure.own.renaming(index, of: file))
    if item.kind != .macro { declared.formUnion(item.names) }
    if item.kind == .function {
      unknownAttributes += UnknownAttribute.all(in: item, of: parsed.text, isKnown: closure.knows)
      spans.append(FunctionSpan(name, item, parsed.text, unitRange: unitRange))
    }
    if item.kind == .function, name == SurfaceNames.preparation {
      writer.glue(["#define MHP_HAVE_\(name) 1"])
    }
    guard item.kind == .function, roots.contains(name), let function = KernelFunction(name: name)
    else {
      if !roots.contains(name) { pulled.formUnion(item.names) }
      return
    }
    let glue = CallGlue(parsed.text, function)
    if let parameter = glue.parameterLeftOpen(by: item) {
      pulled.insert(name)
      judgedThroughCallers.insert(function)
      warnings.append(
        "\(parsed.text.location(parameter.offset)): \(name) is judged through its callers alone: "
          + "'\(parameter.spelling)' does not say whether it counts bytes, pages or an order")
      return
    }
    writer.glue(try glue.lines(for: item))
    if functions[function] == nil {
      let first = parsed.text.lineIndex(at: item.range.lowerBound)
      let last = parsed.text.lineIndex(at: item.range.upperBound - 1)
      let lines = parsed.text.file.lines
      functions[function] = FunctionOrigin(
        displayName: lines[first].displayName, firstLine: lines[first].number,
        lastLine: lines[last].number,
        guards: item.chain.map {
          FunctionGuard(parsed.groups[$0.group].directives[...$0.branch], of: parsed.text)
        })
      sources[function] = Array(lines[first...last])
    }
  }

  /// The names that an item uses, directly or through macros of the subject.
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
