// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Assembles a few of a subject's own definitions, and others that they need, into a unit that runs them by
/// themselves: a probe.
///
/// The stub headers' definitions have priority, except for the names that the probe is about: for these, the
/// stub headers' own are set aside.
struct ProbeAssembly {
  /// Limits of the unit; no probe of a kernel needs a tenth of them.
  private static let itemLimit = 1024
  private static let byteLimit = 1 << 19

  private let files: [ParsedFile]
  private let definitions: [[String: [Int]]]
  private let stubs: StubNames
  private let own: Set<String>
  private var chosen: [(file: Int, item: Int)] = []
  private var uses: [[Int: Set<String>]]

  /// Probes the definitions of `own` in files in order of importance; with `roots`, only those that the
  /// roots need.
  init(
    _ files: [ParsedFile], own: Set<String>, roots: Set<String>? = nil, stubs: StubNames
  ) throws(Failure) {
    self.files = files
    self.own = own
    self.stubs = stubs
    definitions = files.map { $0.definitions() }
    uses = Array(repeating: [:], count: files.count)
    try grow(from: roots ?? own)
  }

  /// Parses the files of a subject that a probe needs.
  static func parsed(
    _ subject: SubjectText, paths: [String]
  ) throws(Failure) -> [ParsedFile] {
    var parsed: [ParsedFile] = []
    for path in paths {
      for file in subject.files where file.path == path {
        let text = SplicedText(file)
        parsed.append(try ItemParser.parse(text, isStrict: false))
      }
    }
    return parsed
  }

  /// The place of the first definition of a name in the probe's files; nil if there is none.
  func place(of name: String) -> String? { Self.place(of: name, in: files) }

  /// The place of the first definition of a name in some files; nil if there is none.
  static func place(of name: String, in files: [ParsedFile]) -> String? {
    for file in files {
      if let item = file.items.first(where: { $0.kind != .prototype && $0.names.contains(name) }) {
        // If the definition begins with a conditional, the line of the name comes later.
        let end = item.body ?? item.range.upperBound
        let tokens = CLexer.tokens(file.text, item.range.lowerBound..<end)
        let word = tokens.first { $0.kind == .identifier && file.text.string($0) == name }
        return file.text.location(word?.start ?? item.range.lowerBound)
      }
    }
    return nil
  }

  /// The names of `own` that chosen items define.
  var ownNames: Set<String> {
    Set(chosen.flatMap { files[$0.file].items[$0.item].names }).intersection(own)
  }

  /// The definitions of a name: those in the first file that has any; for a name that the stub headers also
  /// have, those in all files, because each of them may depend on the absence of the others.
  private func found(_ name: String) -> [(file: Int, item: Int)] {
    let having = definitions.indices.filter { definitions[$0][name] != nil }
    return (stubs.provides(name) ? having : Array(having.prefix(1))).flatMap { file in
      (definitions[file][name] ?? []).map { (file, $0) }
    }
  }

  private mutating func grow(from roots: Set<String>) throws(Failure) {
    var visited: Set<String> = []
    var bytes = 0
    var work = roots.sorted()
    while let name = work.popLast() {
      guard visited.insert(name).inserted, own.contains(name) || !stubs.provides(name)
      else { continue }
      for (file, index) in found(name) where uses[file][index] == nil {
        let item = files[file].items[index]
        bytes += item.range.count
        guard chosen.count < Self.itemLimit, bytes <= Self.byteLimit else {
          throw Failure(
            .unreadable,
            "\(files[file].text.location(item.range.lowerBound)): the text that this uses"
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

  /// The unit: `before` and `behind` are the harness's own lines around the subject's. The stub headers'
  /// definitions of the probe's names are set aside. For headers, which include one another, `before` sets
  /// them aside, and macros precede all functions.
  func extraction(
    before: [String], behind: [String], asHeaders: Bool = false
  ) throws(Failure) -> Extraction {
    let assembly = ["asm", "__asm", "__asm__"]
    var writer = UnitWriter()
    writer.glue(
      before + (asHeaders ? [] : setAside())
        + assembly.map { "#define \($0) mhp_inline_assembly_is_refused" })
    var spans: [FunctionSpan] = []
    var declared: Set<String> = []
    let functions = Dictionary(
      chosen.filter { files[$0.file].items[$0.item].kind == .function }
        .map { (files[$0.file].items[$0.item].names[0], $0) },
      uniquingKeysWith: { first, _ in first })
    for file in files.indices.reversed() where asHeaders {
      for index in order(file) where isHoisted(files[file].items[index], in: files[file]) {
        _ = writer.write(files[file].items[index], of: files[file])
      }
      writer.finishFile()
    }
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

  /// Whether an item is a macro without a condition on itself. Such a condition guards more than the macro,
  /// like an include guard.
  private func isHoisted(_ item: SourceItem, in file: ParsedFile) -> Bool {
    guard item.kind == .macro else { return false }
    return item.chain.allSatisfy { branch in
      file.groups[branch.group].directives[...branch.branch].allSatisfy {
        UsedNames(file.text).condition($0).isDisjoint(with: item.names)
      }
    }
  }

  private func order(_ file: Int) -> [Int] {
    chosen.filter { $0.file == file }.map(\.item).sorted {
      let (left, right) = (files[file].items[$0].range, files[file].items[$1].range)
      return (left.lowerBound, right.upperBound) < (right.lowerBound, left.upperBound)
    }
  }

  /// Lines that set aside the stub headers' definitions of the probe's own names: a macro becomes undefined,
  /// a function of the subject gets another name.
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
