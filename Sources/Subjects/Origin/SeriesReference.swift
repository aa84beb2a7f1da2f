// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// Where the text of a series is to come from, as the command line names it: a subject, a folder of
/// patches, or the patches between two revisions.
public enum SeriesReference: Sendable, Hashable {
  /// A tree, tarball, revision, package, C file, or a file of patches.
  case subject(SubjectReference)
  /// A folder of patch files.
  case patchFolder(path: String)
  /// The patches of the commits after `from` up to `to` in the local repository at `path`.
  case range(path: String, from: String, to: String)

  /// Whether it leads to patches, which a file can be the base of.
  public var isPatches: Bool {
    switch self {
    case .subject(.patch), .subject(.standardInput), .patchFolder, .range: true
    case .subject: false
    }
  }

  /// Reads the command line's SUBJECT. A folder without `arch/riscv/mm/init.c` that holds patches, or a
  /// file `series`, is a folder of patches.
  public init(argument: String) throws(SubjectError) {
    switch try SubjectReference(argument: argument) {
    case .tree(let path) where Self.isPatchFolder(path): self = .patchFolder(path: path)
    case .git(let path, let revision) where revision.contains(".."):
      self = try Self.range(path, revision)
    case let subject: self = .subject(subject)
    }
  }

  private static func isPatchFolder(_ path: String) -> Bool {
    guard InputFile.kind(of: "\(path)/\(KernelPath.main)") == .missing else { return false }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.contains { $0 == PatchFolder.order || $0.hasSuffix(PatchFolder.ending) }
  }

  private static func range(_ path: String, _ text: String) throws(SubjectError) -> SeriesReference
  {
    guard let dots = text.firstRange(of: "..") else {
      return .subject(.git(path: path, revision: text))
    }
    let (from, to) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    guard !from.isEmpty, !to.isEmpty, !to.hasPrefix("."), !to.hasPrefix("-"), !to.contains("..")
    else {
      throw SubjectError(
        message: "\"\(text)\" is no range of two revisions",
        advice: "write git:PATH@A..B for the commits after A up to B")
    }
    return .range(path: path, from: from, to: to)
  }
}
