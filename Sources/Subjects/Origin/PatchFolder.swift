// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A folder of patch files, which make a series.
struct PatchFolder {
  /// The file that gives the order, as quilt has it.
  static let order = "series"
  /// How patch files' names end.
  static let ending = ".patch"
  /// More patches than any series has.
  private static let limit = 1000

  /// The folder, as the user typed it.
  let path: String

  /// The patch files that lie directly in the folder, in the order of the file `series`, else by name.
  /// What `series` names and is not there is an error; what it leaves out is left out.
  func files() throws(SubjectError) -> [(name: String, bytes: [UInt8])] {
    let names = try self.names()
    guard !names.isEmpty else {
      throw SubjectError(
        message: "\(path) holds neither \(KernelPath.main) nor a patch",
        advice: "name a kernel tree, or a folder of \(Self.ending) files")
    }
    guard names.count <= Self.limit else {
      throw SubjectError(message: "\(path) holds more than \(Self.limit) patches")
    }
    var size = 0
    var files: [(name: String, bytes: [UInt8])] = []
    for name in names {
      let file = "\(path)/\(name)"
      let bytes = try InputFile.read(file, regularOnly: true)
      size += bytes.count
      guard size <= InputFile.limit else { throw InputFile.tooLarge(path) }
      files.append((file, bytes))
    }
    return files
  }

  private func names() throws(SubjectError) -> [String] {
    let order = "\(path)/\(Self.order)"
    guard InputFile.kind(of: order) == .missing else {
      let lines = try RawLine.split(
        try InputFile.read(order, regularOnly: true), name: order)
      // A line is a name, then perhaps options for patch(1), then perhaps a comment.
      let names = lines.compactMap { line in
        line.text.prefix { $0 != "#" }.split(separator: " ").first.map(String.init)
      }
      if let climbing = names.first(where: { !KernelPath.isSafe($0) }) {
        throw SubjectError(message: "\(order): \(climbing) leaves the folder")
      }
      return names.filter { !$0.contains("/") }
    }
    let all: [String]
    do {
      all = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw SubjectError(message: "\(path) cannot be listed")
    }
    return all.filter {
      $0.hasSuffix(Self.ending) && InputFile.kind(of: "\(path)/\($0)") == .regular
    }.sorted()
  }
}
