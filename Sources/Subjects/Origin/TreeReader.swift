// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A kernel tree in a folder.
struct TreeReader {
  /// The folder, as the user typed it.
  let folder: String
  /// What is read beside `KernelPath.main`.
  var wanted = KernelFiles.subject

  /// `arch/riscv/mm/init.c` and what is wanted beside it. `displayName` turns a path within the tree
  /// into what diagnostics show.
  func files(displayName: (String) -> String) throws(SubjectError) -> [SourceFile] {
    let main = "\(folder)/\(KernelPath.main)"
    guard InputFile.kind(of: main) != .missing else {
      throw SubjectError(
        message: "\(folder) holds no \(KernelPath.main)",
        advice: "name the top folder of a kernel tree")
    }
    let bytes = try InputFile.read(main, regularOnly: true)
    var size = bytes.count
    var files = [
      try SourceFile(
        path: KernelPath.main, displayName: displayName(KernelPath.main), bytes: bytes)
    ]
    for place in wanted.places {
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(place.folder)")) ?? []
      for name in names.sorted() where place.has(name[...]) {
        let path = "\(place.folder)/\(name)"
        // A helper that cannot be read is reported only when something reaches it and misses it.
        guard path != KernelPath.main,
          let bytes = try? InputFile.read("\(folder)/\(path)", regularOnly: true)
        else { continue }
        size += bytes.count
        guard size <= InputFile.treeLimit else { throw InputFile.treeTooLarge(folder) }
        if let file = try? SourceFile(path: path, displayName: displayName(path), bytes: bytes) {
          files.append(file)
        }
      }
    }
    return files
  }
}
