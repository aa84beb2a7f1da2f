// SPDX-License-Identifier: GPL-2.0-only

/// Puts a few of a subject's own definitions, and what they need, into a unit that runs them by
/// themselves: a probe.
///
/// What the stub headers define is taken from them, except for the names that the probe is about: of those
/// the stub's own are put aside.
struct ProbeAssembly {
  /// Bounds on what is compiled; no probe of a kernel reaches a tenth of them.
  private static let itemLimit = 1024
  private static let byteLimit = 1 << 19

  private let files: [ParsedFile]
  private let definitions: [[String: [Int]]]
  private let stubs: StubNames
  private let own: Set<String>
  private var chosen: [(file: Int, item: Int)] = []
  private var uses: [[Int: Set<String>]]

  /// A probe of the definitions of `own`, out of files in order of importance.
  init(
    _ files: [ParsedFile], own: Set<String>, stubs: StubNames
  ) throws(SubjectError) {
    self.files = files
    self.own = own
    self.stubs = stubs
    definitions = files.map { $0.definitions() }
    uses = Array(repeating: [:], count: files.count)
    try grow()
  }

  /// Parses the files of a subject that a probe looks into.
  static func parsed(
    _ subject: SubjectText, paths: [String]
  ) throws(SubjectError) -> [ParsedFile] {
    var parsed: [ParsedFile] = []
    for path in paths {
      for file in subject.files where file.path == path {
        let text = SplicedText(file, isFragment: subject.isFragment)
        parsed.append(try ItemParser.parse(text, isStrict: false))
      }
    }
    return parsed
  }

  /// Where a name of the probe's own is defined first; nil where it is not.
  func place(of name: String) -> String? { Self.place(of: name, in: files) }

  /// Where a name is defined first in some files.
  static func place(of name: String, in files: [ParsedFile]) -> String? {
    for file in files {
      if let item = file.items.first(where: { $0.kind != .prototype && $0.names.contains(name) }) {
        // Of a definition that begins with a conditional, the line that is meant comes later.
        let end = item.body ?? item.range.upperBound
        let tokens = CLexer.tokens(file.text, item.range.lowerBound..<end)
        let word = tokens.first { $0.kind == .identifier && file.text.string($0) == name }
        return file.text.location(word?.start ?? item.range.lowerBound)
      }
    }
    return nil
  }

  private mutating func grow() throws(SubjectError) {
    var visited: Set<String> = []
    var bytes = 0
    var work = own.sorted()
    while let name = work.popLast() {
      guard visited.insert(name).inserted, own.contains(name) || !stubs.provides(name),
        let file = definitions.firstIndex(where: { $0[name] != nil })
      else { continue }
      for index in definitions[file][name] ?? [] where uses[file][index] == nil {
        let item = files[file].items[index]
        bytes += item.range.count
        guard chosen.count < Self.itemLimit, bytes <= Self.byteLimit else {
          throw SubjectError(
            message:
              "\(files[file].text.location(item.range.lowerBound)): what is reached from here"
              + " is far more than in any kernel")
        }
        var names = UsedNames(files[file].text).used(by: item)
        for branch in item.chain {
          for directive in files[file].groups[branch.group].directives[...branch.branch] {
            names.formUnion(UsedNames(files[file].text).condition(directive))
          }
        }
        uses[file][index] = names
        chosen.append((file, index))
        work += names.sorted()
      }
    }
  }

  /// The unit: `before` and `behind` are the harness's own lines around the subject's.
  func extraction(before: [String], behind: [String]) throws(SubjectError) -> Extraction {
    let assembly = ["asm", "__asm", "__asm__"]
    var writer = UnitWriter()
    writer.glue(
      before + setAside() + assembly.map { "#define \($0) mhp_inline_assembly_is_refused" })
    var spans: [FunctionSpan] = []
    var declared: Set<String> = []
    let functions = Dictionary(
      chosen.filter { files[$0.file].items[$0.item].kind == .function }
        .map { (files[$0.file].items[$0.item].names[0], $0) },
      uniquingKeysWith: { first, _ in first })
    for file in files.indices.reversed() {
      var end = 0
      for index in order(file) {
        let item = files[file].items[index]
        guard item.range.lowerBound >= end else { continue }
        end = item.range.upperBound
        let refused = RefusedConstructs(files[file].text)
        try refused.check(item.range, of: item.names[0])
        for branch in item.chain {
          for directive in files[file].groups[branch.group].directives[...branch.branch] {
            try refused.check(directive, of: item.names[0])
          }
        }
        if item.kind == .function {
          let used = (uses[file][index] ?? []).subtracting(declared)
          for other in used.sorted() where other != item.names[0] {
            if let (file, item) = functions[other] {
              writer.prototype(of: files[file].items[item], in: files[file])
            }
          }
        }
        let range = writer.write(item, of: files[file])
        if item.kind == .function {
          declared.insert(item.names[0])
          spans.append(
            FunctionSpan(item.names[0], item, files[file].text, unitRange: range))
        }
      }
      writer.finishFile()
    }
    writer.glue(assembly.map { "#undef \($0)" } + behind)
    return Extraction(
      unit: writer.unit, extractedText: writer.extracted, functions: [:], sources: [:],
      pulled: functions.keys.sorted(), spans: spans)
  }

  private func order(_ file: Int) -> [Int] {
    chosen.filter { $0.file == file }.map(\.item).sorted {
      let (left, right) = (files[file].items[$0].range, files[file].items[$1].range)
      return (left.lowerBound, right.upperBound) < (right.lowerBound, left.upperBound)
    }
  }

  /// Lines that put the stub headers' definitions of the probe's own names aside: a macro is forgotten,
  /// a function of the subject's gets another name.
  private func setAside() -> [String] {
    own.sorted().filter { stubs.provides($0) }.flatMap { name -> [String] in
      let isFunction = chosen.contains { file, item in
        files[file].items[item].kind == .function && files[file].items[item].names[0] == name
      }
      return isFunction
        ? ["#undef \(name)", "#define \(name) mhp_own_\(name)"] : ["#undef \(name)"]
    }
  }
}
