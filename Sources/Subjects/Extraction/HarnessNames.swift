// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The harness's own names in a compiled unit. A subject that uses one could call the harness's functions, or
/// redirect its calls.
struct HarnessNames: Sendable {
  /// Names of the kernel with the same prefixes (include/linux/memory_hotplug.h).
  private static let kernels: Set<String> = [
    "mhp_t", "mhp_params", "mhp_range_allowed", "mhp_get_pluggable_range",
    "mhp_supports_memmap_on_memory", "mhp_default_online_type", "mhp_get_default_online_type",
    "mhp_set_default_online_type", "mhp_online_type_from_str", "MHP_NONE", "MHP_MERGE_RESOURCE",
    "MHP_MEMMAP_ON_MEMORY", "MHP_NID_IS_MGID", "MHP_OFFLINE_INACCESSIBLE",
  ]
  /// The prefixes of names that the harness makes for each function or file.
  private static let families = [
    "mhp_own", "mhp_entry_", "mhp_subject", "MHP_HAVE_", "MHP_CALL_", "MHP_OWN_",
  ]

  private let stubs: StubNames

  init(_ stubs: StubNames) { self.stubs = stubs }

  /// Whether a name is the harness's. True also for a name that ends in `_`, because the preprocessor could
  /// paste the rest of a harness name to it.
  func contains(_ name: String) -> Bool {
    guard name.hasPrefix("mhp_") || name.hasPrefix("MHP_"), !Self.kernels.contains(name) else {
      return false
    }
    return stubs.provides(name) || name.hasSuffix("_")
      || Self.families.contains(where: name.hasPrefix)
  }

  /// The macros after each function of the embedded reference, whose text is a subject, too. A unit has its
  /// own and takes none from a subject.
  private static let ofReference = ["MHP_HAVE_", "MHP_CALL_"]

  /// Throws for the first `#define` or `#undef` in a file, anywhere, that contains such a name.
  func check(_ text: SplicedText) throws(Failure) {
    for token in CLexer.tokens(text, 0..<text.bytes.count) where token.kind == .directive {
      let directive = Directive(text, token)
      guard directive.kind == .macro else { continue }
      let name = directive.name ?? ""
      if directive.word == "#define", Self.ofReference.contains(where: name.hasPrefix) { continue }
      let words = CLexer.tokens(text, token.start..<token.end, insideDirective: true)
      for word in words where word.kind == .identifier && contains(text.string(word)) {
        throw refusal(of: text.string(word), at: text.location(word.start))
      }
    }
  }

  /// The error about such a name.
  func refusal(of name: String, at location: String) -> Failure {
    Failure(
      .unreadable, "\(location): \(name) is a name of this harness, not of a kernel",
      advice: "remove it, or rename it")
  }
}
