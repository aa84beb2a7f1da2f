// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subjects

/// The options that a kernel's folder sets for its checks: the file `.mhpcheck.yaml` in the folder of the
/// subject, or in one above it.
public struct ProjectFile: Sendable, Hashable {
  public static let fileName = ".mhpcheck.yaml"

  /// The file's path.
  public let path: String
  /// As for -D and -U.
  public var defines: [String] = []
  public var undefines: [String] = []
  /// As for --mode.
  public var modes: [PagingMode] = []
  /// The path of the file for --expect.
  public var expect: String?

  /// Finds and reads the file for a subject; nil if there is none. Only a file or a folder of the user has
  /// one: a mail, a tarball or a revision is somebody else's text.
  public static func find(for subject: String) throws(Failure) -> ProjectFile? {
    guard FileManager.default.fileExists(atPath: subject) else { return nil }
    var folder = URL(filePath: subject).standardizedFileURL
    while true {
      let file = folder.appending(path: fileName).path
      if FileManager.default.fileExists(atPath: file) {
        guard let bytes = try? InputFile.read(file, regularOnly: true),
          let text = String(validating: bytes, as: UTF8.self)
        else { throw Failure(.usage, "\(file) cannot be read as text") }
        do throws(Failure) {
          return try ProjectFile(path: file, text: text)
        } catch {
          throw error.with(.usage)
        }
      }
      guard folder.path != "/" else { return nil }
      folder.deleteLastPathComponent()
    }
  }

  /// Parses a file's text.
  public init(path: String, text: String) throws(Failure) {
    self.path = path
    let yaml = YAMLReader(name: path)
    guard let root = try yaml.document(text) else { return }
    guard case .mapping(let members) = root.content else {
      throw yaml.complaint(root, "it has the members define, undefine, mode and expect")
    }
    try yaml.check(members, known: ["define", "undefine", "mode", "expect"])
    defines = try yaml.texts(of: "define", in: members)
    undefines = try yaml.texts(of: "undefine", in: members)
    if let word = defines.first(where: { !KernelConfiguration.isDefinition($0) }) {
      throw yaml.complaint(
        members["define"] ?? root, "\(word) defines nothing; write NAME or NAME=VALUE")
    }
    if let word = undefines.first(where: { !KernelConfiguration.isName($0[...]) }) {
      throw yaml.complaint(members["undefine"] ?? root, "\(word) names nothing; write NAME")
    }
    for name in try yaml.texts(of: "mode", in: members) {
      guard let mode = Architecture.riscv.mode(named: name.lowercased()) else {
        throw yaml.complaint(members["mode"] ?? root, "\(name) is no paging mode")
      }
      modes.append(mode)
    }
    if let name = try yaml.text(of: "expect", in: members) {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      expect = name.hasPrefix("/") ? name : (folder + [name[...]]).joined(separator: "/")
    }
  }

  /// "PATH sets -D CONFIG_FOO --mode sv39", in the form of a command line.
  public var sentence: String {
    let words =
      defines.map { "-D \($0)" } + undefines.map { "-U \($0)" }
      + (modes.isEmpty ? [] : ["--mode \(modes.map(\.name).joined(separator: " "))"])
      + (expect.map { ["--expect \($0)"] } ?? [])
    return "\(path) sets \(words.isEmpty ? "nothing" : words.joined(separator: " "))"
  }
}
