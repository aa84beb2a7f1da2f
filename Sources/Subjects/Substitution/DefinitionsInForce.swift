// SPDX-License-Identifier: GPL-2.0-only

/// A subject's own definitions of names of the stub headers, in force over text that is not the subject's.
struct DefinitionsInForce {
  private let subject: SubstitutedText
  private let names: Set<String>
  /// The subject's items to write: these definitions, and others that they may use.
  private let items: [SourceItem]

  /// - Parameter others: the functions that are defined elsewhere.
  init(
    _ subject: SubstitutedText, _ names: Set<String>, besides others: Set<String>,
    stubs: StubNames
  ) {
    self.subject = subject
    self.names = names
    guard !names.isEmpty else {
      items = []
      return
    }
    items = subject.file.items.filter { item in
      guard item.kind != .prototype, let name = item.names.first else { return false }
      if !names.isDisjoint(with: item.names) { return true }
      return !item.names.contains { stubs.provides($0) || SurfaceNames.all.contains($0) }
        && !others.contains(name) && name != SurfaceNames.preparation
    }
  }

  /// `lines`, with the definitions before them, and the stub headers' definitions restored after them.
  func around(_ lines: [String]) -> [String] {
    guard !names.isEmpty else { return lines }
    let sorted = names.sorted()
    var writer = UnitWriter()
    writer.glue(sorted.map { "#pragma push_macro(\"\($0)\")" })
    for item in items {
      let renamed = item.kind == .macro ? [] : item.names.filter(names.contains)
      writer.glue(renamed.flatMap { ["#undef \($0)", "#define \($0) mhp_subject_\($0)"] })
      if item.kind == .macro, let name = item.names.first, names.contains(name) {
        writer.glue(["#undef \(name)"])
      }
      _ = writer.write(item, of: subject.file)
    }
    writer.finishFile()
    return [writer.unit] + lines + sorted.map { "#pragma pop_macro(\"\($0)\")" }
  }
}
