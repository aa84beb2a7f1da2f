// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A kernel tree in a folder.
struct TreeReader {
  /// The folder, as the user typed it.
  let folder: String
  /// The files to read, besides `KernelPath.main`.
  var wanted = KernelFiles.subject

  /// `arch/riscv/mm/init.c` and the other wanted files. `displayName` turns a path within the tree into the
  /// one in diagnostics.
  func files(displayName: (String) -> String) throws(Failure) -> [SourceFile] {
    let main = "\(folder)/\(KernelPath.main)"
    guard InputFile.kind(of: main) != .missing else {
      throw Failure(
        .unreadable, "\(folder) contains no \(KernelPath.main)",
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
        // Skip an unreadable helper: errors about missing names follow only if something needs it.
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
