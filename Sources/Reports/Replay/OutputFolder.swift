// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Glibc

/// A folder that something is written into: made with the first file when it is not there, and never one
/// with something in it.
package struct OutputFolder {
  let path: String

  package init(_ path: String) throws(PipelineError) {
    self.path = path
    var isFolder = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      let entries = try? FileManager.default.contentsOfDirectory(atPath: path)
      guard isFolder, let entries, entries.isEmpty else {
        throw PipelineError(
          .usage, "\(path) is there already and not an empty folder; name another")
      }
    }
  }

  /// Writes a file below it.
  func write(_ name: String, _ text: String) throws(PipelineError) {
    try make("")
    do {
      try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    } catch { throw refused(name) }
  }

  /// Copies files of another folder to the same places below it.
  func copy(_ source: String, _ names: [String]) throws(PipelineError) {
    for folder in Set(names.map { $0.split(separator: "/").dropLast().joined(separator: "/") }) {
      try make(folder)
    }
    for name in names {
      do {
        try FileManager.default.copyItem(
          atPath: "\(source)/\(name)", toPath: "\(path)/\(name)")
      } catch { throw refused(name) }
    }
  }

  /// Copies a whole folder.
  func copyFolder(_ source: String, to name: String) throws(PipelineError) {
    do {
      try FileManager.default.copyItem(atPath: source, toPath: "\(path)/\(name)")
    } catch { throw refused(name) }
  }

  private func make(_ name: String) throws(PipelineError) {
    do {
      try FileManager.default.createDirectory(
        atPath: name.isEmpty ? path : "\(path)/\(name)", withIntermediateDirectories: true)
    } catch { throw refused(name) }
  }

  private func refused(_ name: String) -> PipelineError {
    PipelineError(
      .incomplete,
      "\(path)\(name.isEmpty ? "" : "/\(name)") cannot be written: \(String(cString: strerror(errno)))"
    )
  }
}

extension ProgramFiles {
  /// The folder with the machine's own sources: beside the program in a build folder, under
  /// `../share/mhpcheck` once installed.
  func sources() throws(PipelineError) -> String {
    let folder = program.split(separator: "/").dropLast().joined(separator: "/")
    let places = ["/\(folder)/mhpcheck_CMachineText.resources", "/\(folder)/../share/mhpcheck"]
    for place in places
    where FileManager.default.fileExists(atPath: "\(place)/reproducer/reproduce.h") {
      return place
    }
    throw PipelineError(
      .incomplete,
      "the machine's sources are not where the program expects them (\(places[0])); "
        + "install it with make install")
  }
}
