// SPDX-License-Identifier: GPL-2.0-only

/// A function's header or a variable's declaration, with the section that its attributes select.
public struct AttributedName: Sendable, Hashable {
  /// The lifetime: the kernel frees it after boot (`__init`, `__initdata`, `__initconst`), or does not
  /// (`__meminit` with memory hotplug, or no attribute).
  public enum Lifetime: Sendable, Hashable { case boot, memoryHotplug, always }

  /// The C name.
  public let name: String
  public let lifetime: Lifetime
  /// "FILE:LINE" of the name.
  public let place: String
  /// Whether the subject itself contributes the line.
  public let isAdded: Bool
}

extension AttributedName.Lifetime {
  private static let bootAttributes: Set<String> = [
    "__init", "__initdata", "__initconst", "__init_or_module", "__initdata_or_module",
    "__initdata_or_meminfo",
  ]
  private static let hotplugAttributes: Set<String> = [
    "__meminit", "__meminitdata", "__meminitconst",
  ]

  /// The lifetime according to the words before a body or an initialiser.
  init(words: some Sequence<String>) {
    var lifetime = AttributedName.Lifetime.always
    for word in words {
      if Self.bootAttributes.contains(word) { lifetime = .boot }
      if Self.hotplugAttributes.contains(word), lifetime != .boot { lifetime = .memoryHotplug }
    }
    self = lifetime
  }
}
