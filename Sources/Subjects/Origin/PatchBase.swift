// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The base of patches: the files of a subject that is not a patch.
struct PatchBase {
  /// The user's name for the base.
  let name: String
  /// The files, the most important one first. None of their lines count as added.
  let files: [SourceFile]
  /// Whether the base is one single file, which may have any name.
  let isFile: Bool

  init(_ text: SubjectText, name: String) throws(Failure) {
    guard text.before == nil else {
      throw Failure(
        .unreadable, "\(name) is a patch itself",
        advice: "--base takes what the patch applies to: a file, a tree, a tarball, git:PATH@REV, "
          + "debian:PACKAGE or builtin")
    }
    self.name = name
    isFile = ["file", "builtin"].contains(text.kind)
    files = text.files.map { file in
      SourceFile(
        path: file.path, displayName: file.displayName,
        lines: file.lines.map {
          SourceLine(
            text: $0.text, displayName: $0.displayName, number: $0.number, isAdded: false)
        })
    }
  }

  /// The files of the base, by their paths within the tree, for patches to the paths `touched`. A single file
  /// stands for the touched file of that name, else for `KernelPath.main`, else for the only touched file.
  func files(for touched: Set<String>, of patch: String) throws(Failure) -> [SourceFile] {
    guard isFile, let file = files.first else { return files }
    let path = try target(file.path, touched, patch)
    return [SourceFile(path: path, displayName: file.displayName, lines: file.lines)]
  }

  private func target(
    _ path: String, _ touched: Set<String>, _ patch: String
  ) throws(Failure) -> String {
    if touched.contains(path) { return path }
    if touched.contains(KernelPath.main) { return KernelPath.main }
    if touched.count == 1, let only = touched.first { return only }
    throw Failure(
      .unreadable, "\(patch) touches \(touched.count) files and none of them is \(KernelPath.main)",
      advice: "--base needs a patch to that file, or to one file only; or give a tree")
  }
}
