// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The reference's functions around parts of a subject, under names of their own, so that they never conflict
/// with the subject's names.
struct ReferenceParts {
  private static let prefix = "mhp_reference_"

  let text: SubstitutedText
  let subject: SubstitutedText
  /// The functions that come from the subject.
  let left: Set<String>
  /// The functions of the surface that the subject has. Calls of others go to stand-ins.
  let present: [KernelFunction]
  /// Helpers that the subject calls and that the reference has under the same name.
  let helpers: Set<String>

  /// The functions of the surface and the helpers that come from the reference.
  var names: Set<String> {
    let surface = Set(present.map(\.name)).filter { text.functions[$0] != nil }
    let own = Set(text.functions.keys).filter {
      KernelFunction(name: $0) == nil && $0 != SurfaceNames.preparation
    }
    let preparation = helpers.intersection([SurfaceNames.preparation])
    return surface.union(own).union(preparation).subtracting(left)
  }

  /// The text before the subject's parts: prototypes, and macros that redirect calls.
  func declarations() throws(Failure) -> [String] {
    var writer = UnitWriter()
    let called = names.filter { KernelFunction(name: $0) != nil || helpers.contains($0) }
    writer.glue(called.sorted().map(Self.renaming))
    for item in text.file.items where item.kind == .function && called.contains(item.names[0]) {
      writer.prototype(of: item, in: text.file)
    }
    var lines = [writer.unit]
    for function in present where called.contains(function.name) {
      // Helpers of a subject from another era use that era's signatures.
      if let macro = try adapter(function, from: subject, to: text, calling: Self.prefix) {
        lines += ["#undef \(function.name)", macro]
      }
    }
    return lines
  }

  /// The text after the subject's parts: the reference's functions, and the macros for the harness's calls.
  func definitions() throws(Failure) -> [String] {
    var writer = UnitWriter()
    writer.glue(names.sorted().flatMap { ["#undef \($0)", Self.renaming($0)] })
    for function in present where left.contains(function.name) {
      guard let macro = try adapter(function, from: text, to: subject, calling: "") else {
        continue
      }
      writer.glue([macro])
    }
    for item in text.file.items where isWritten(item) { _ = writer.write(item, of: text.file) }
    writer.finishFile()
    writer.glue(left.sorted().map { "#undef \($0)" })
    for function in present where function.isOfGenericCode && !left.contains(function.name) {
      // Generic code is not in the reference's text: the harness calls its stand-in.
      let name = function.name
      let arguments = CallRoles(function: function).arguments.joined(separator: ", ")
      writer.glue([
        "#define MHP_HAVE_\(name) 1", "#define MHP_CALL_\(name)(op) \(name)(\(arguments))",
      ])
    }
    return [writer.unit]
  }

  private func isWritten(_ item: SourceItem) -> Bool {
    switch item.kind {
    case .function: names.contains(item.names[0])
    case .macro:
      ["MHP_HAVE_", "MHP_CALL_"].contains { start in
        item.names[0].hasPrefix(start) && names.contains(String(item.names[0].dropFirst(9)))
      }
    case .prototype, .declaration: false
    }
  }

  /// The macro through which `callers` call a function with the signature of `owner`; nil if they need none.
  private func adapter(
    _ function: KernelFunction, from callers: SubstitutedText, to owner: SubstitutedText,
    calling prefix: String
  ) throws(Failure) -> String? {
    guard let given = callers.parameters(of: function.name),
      let taken = owner.parameters(of: function.name)
    else { return nil }
    let adapter = CallAdapter(function, given: given, taken: taken)
    if let adapter, adapter.isNeedless { return nil }
    guard let macro = adapter?.macro(calling: prefix + function.name) else {
      throw Failure(.unreadable, "\(function.name) cannot be called across eras")
    }
    return macro
  }

  private static func renaming(_ name: String) -> String { "#define \(name) \(prefix)\(name)" }
}
