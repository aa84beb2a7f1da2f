// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Debian's apt, asked without root.
///
/// apt chooses versions, verifies signatures and digests, and tries again. It installs nothing.
package struct Apt: Sendable {
  private let tools: Tools
  private let get: String
  private let cache: String
  private let options: [String]
  private let advice: Advice

  /// The remedies that depend on what the packages are for.
  package struct Advice: Sendable {
    private let missing: String
    fileprivate let outdated: String
    fileprivate let unreachable: String

    /// Remedies for a machine without apt, for lists that are older than the mirror, and for a mirror that
    /// cannot be reached.
    package init(missing: String, outdated: String, unreachable: String) {
      self.missing = missing
      self.outdated = outdated
      self.unreachable = unreachable
    }

    /// The path of one of the programs of apt or dpkg.
    package func locate(_ program: String, _ tools: Tools) throws(Failure) -> String {
      try tools.locate(program, advice: missing)
    }
  }

  /// A package's file, as apt would fetch it.
  package struct File: Hashable, Sendable {
    package let name: String
    package let version: String
    /// The size in bytes.
    package let bytes: Int
    fileprivate let fileName: String
  }

  /// apt with additional `options`; without any, it uses the machine's own lists.
  package init(tools: Tools, options: [String] = [], advice: Advice) throws(Failure) {
    self.tools = tools
    self.options = options
    self.advice = advice
    get = try advice.locate("apt-get", tools)
    cache = try advice.locate("apt-cache", tools)
  }

  /// The output of apt-get. If it fails, throws `subject`, e.g. "busybox could not be fetched", with apt's
  /// reason and a remedy.
  @discardableResult
  package func get(
    _ arguments: [String], folder: String? = nil, else subject: String
  ) async throws(Failure) -> String {
    try await run(get, ["-q"] + arguments, folder: folder, else: subject)
  }

  /// The names of `package` and of everything that it depends on, directly or not; empty if the lists do not
  /// have it.
  package func closure(of package: String) async throws(Failure) -> [String] {
    let outcome = try await tools.run(
      cache, options + ["depends", "--recurse", "--important", "--", package], limit: 16 << 20)
    guard outcome.status.isSuccess else { return [] }
    // The dependencies of each package follow it, indented.
    return outcome.text.split(whereSeparator: \.isNewline).filter { $0.first?.isLetter == true }
      .map(String.init)
  }

  /// The files that `arguments`, e.g. "download", would fetch; that of the package `first` comes first.
  package func files(
    of arguments: [String], first: String, else subject: String
  ) async throws(Failure) -> [File] {
    var files = Self.files(in: try await get(["--print-uris"] + arguments, else: subject))
    if let index = files.firstIndex(where: { $0.name == first }) { files.swapAt(0, index) }
    return files
  }

  /// Downloads `files` into `folder`, and returns their paths.
  package func download(
    _ files: [File], into folder: String
  ) async throws(Failure) -> [String] {
    let subject = files.count == 1 ? files[0].name : "\(files.count) packages"
    try await get(
      ["download", "--"] + files.map { "\($0.name)=\($0.version)" }, folder: folder,
      else: "\(subject) could not be downloaded")
    let paths = files.map { "\(folder)/\($0.fileName)" }
    guard paths.allSatisfy({ InputFile.kind(of: $0) == .regular }) else {
      throw Failure(.unreadable, "\(subject) could not be downloaded: apt-get left no file")
    }
    return paths
  }

  /// Downloads one file, which must have the given digest, to `path`.
  package func download(
    _ address: String, sha256: String, to path: String, else subject: String
  ) async throws(Failure) {
    let helper = try advice.locate(
      "apt-helper", Tools(searchPath: tools.searchPath + ["/usr/lib/apt"]))
    try await run(
      helper, ["-q", "download-file", address, path, "SHA256:\(sha256)"], else: subject)
  }

  @discardableResult
  private func run(
    _ program: String, _ arguments: [String], folder: String? = nil, else subject: String
  ) async throws(Failure) -> String {
    let outcome = try await tools.run(program, options + arguments, folder: folder)
    guard outcome.status.isSuccess else {
      throw Self.refusal(subject, said: outcome.errors, advice: advice)
    }
    return outcome.text
  }

  /// The files in the output of `--print-uris`: an address in quotes, the file's name, its size.
  static func files(in text: String) -> [File] {
    text.split(whereSeparator: \.isNewline).compactMap { line -> File? in
      let words = line.split(separator: " ")
      guard line.first == "'", words.count >= 3, let bytes = Int(words[2]) else { return nil }
      let parts = words[1].split(separator: "_").map(String.init)
      guard parts.count == 3, parts[2].hasSuffix(".deb"), !words[1].contains("/") else {
        return nil
      }
      return File(
        name: parts[0], version: parts[1].replacing("%3a", with: ":"), bytes: bytes,
        fileName: String(words[1]))
    }
  }

  /// The error with apt's own reason, in one line, and a remedy. A package that apt cannot provide is missing,
  /// unless the disk is full.
  static func refusal(_ subject: String, said errors: String, advice: Advice) -> Failure {
    let lines = errors.split(whereSeparator: \.isNewline)
    let error = lines.first { $0.hasPrefix("E: ") }.map { String($0.dropFirst(3)) }
    let message = "\(subject): \(Tools.plain(error ?? Tools.firstLine(of: errors)))"
    if Tools.isAboutRoom(errors) {
      return Failure(.unreadable, message, advice: CacheFolder.makeRoom)
    }
    let remedy =
      if errors.contains("Hash Sum mismatch") || errors.contains("unexpected size") {
        "the files of the mirror differ from its signed index: try again later or name another suite"
      } else if errors.contains("404") || errors.contains("was not found") {
        advice.outdated
      } else if errors.contains("NO_PUBKEY") || errors.contains("not signed") {
        "install debian-archive-keyring, which has the keys of Debian's suites"
      } else if errors.contains("list of sources") {
        "mend the file of /etc/apt that it names"
      } else {
        advice.unreachable
      }
    return Failure(.unreadable, message, advice: remedy, isAboutMissing: true)
  }

  /// A size for users, e.g. "112 MB", "0.9 MB".
  package static func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return tenths >= 100 ? "\((tenths + 5) / 10) MB" : "\(tenths / 10).\(tenths % 10) MB"
  }
}
