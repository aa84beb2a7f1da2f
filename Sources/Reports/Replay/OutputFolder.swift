// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Glibc
import Machine

/// A folder for output. It must be absent or empty; the first file creates it.
package struct OutputFolder {
  let path: String

  package init(_ path: String) throws(Failure) {
    self.path = path
    var isFolder = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      let entries = try? FileManager.default.contentsOfDirectory(atPath: path)
      guard isFolder, let entries, entries.isEmpty else {
        throw Failure(
          .usage, "\(path) exists and is not an empty folder; give another")
      }
    }
  }

  /// Writes a file in the folder.
  func write(_ name: String, _ text: String) throws(Failure) {
    try make("")
    do {
      try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    } catch { throw refused(name) }
  }

  /// Copies files of another folder to the same relative paths in this one.
  func copy(_ source: String, _ names: [String]) throws(Failure) {
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

  /// Copies a whole folder into this one.
  func copyFolder(_ source: String, to name: String) throws(Failure) {
    do {
      try FileManager.default.copyItem(atPath: source, toPath: "\(path)/\(name)")
    } catch { throw refused(name) }
  }

  private func make(_ name: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(
        atPath: name.isEmpty ? path : "\(path)/\(name)", withIntermediateDirectories: true)
    } catch { throw refused(name) }
  }

  private func refused(_ name: String) -> Failure {
    Failure(
      .incomplete,
      "\(path)\(name.isEmpty ? "" : "/\(name)") cannot be written: \(String(cString: strerror(errno)))"
    )
  }
}

extension ProgramFiles {
  /// The folder with the machine's own sources: next to the program in a build folder, or in
  /// `../share/mhpcheck` after installation.
  func sources() throws(Failure) -> String {
    let folder = program.split(separator: "/").dropLast().joined(separator: "/")
    let places = ["/\(folder)/mhpcheck_CMachineText.resources", "/\(folder)/../share/mhpcheck"]
    for place in places
    where FileManager.default.fileExists(atPath: "\(place)/reproducer/reproduce.h") {
      return place
    }
    throw Failure(
      .incomplete,
      "the machine's sources are not where the program expects them (\(places[0])); "
        + "install it with make install")
  }
}
