// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subprocess

/// A tarball, plain or compressed, read as a stream.
struct Archive {
  enum Compression: Hashable {
    case none, gzip, xz, zstd, bzip2

    /// The compression whose magic number `bytes` begin with. The ending of a file name can be wrong.
    init(magic bytes: ArraySlice<UInt8>) {
      if bytes.starts(with: [0x1f, 0x8b]) {
        self = .gzip
      } else if bytes.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
        self = .xz
      } else if bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
        self = .zstd
      } else if bytes.starts(with: Array("BZh".utf8)),
        bytes.dropFirst(4).starts(with: [0x31, 0x41])
      {
        self = .bzip2
      } else {
        self = .none
      }
    }

    /// The program that unpacks, with arguments that bound its memory; nil if none is needed.
    var unpacker: (name: String, arguments: [String])? {
      switch self {
      case .none: nil
      case .gzip: ("gzip", ["-dc"])
      case .xz: ("xz", ["-dc", "-T0", "--memlimit-decompress=1GiB"])
      case .zstd: ("zstd", ["-dcq", "--memory=1024MB"])
      case .bzip2: ("bzip2", ["-dc"])
      }
    }
  }

  /// The endings of tarballs' file names.
  static let endings =
    [".tar", ".tgz", ".txz", ".tzst", ".tbz", ".tbz2"] + packings.map { ".tar" + $0 }

  /// The endings that compression programs append to file names.
  static let packings = [".gz", ".xz", ".zst", ".bz2"]

  /// The user's own path, for errors.
  let name: String
  let tools: Tools
  /// The files to read, besides `KernelPath.main`.
  var wanted = KernelFiles.subject

  /// The subject's files in the archive: `arch/riscv/mm/init.c` of the tree with the shortest path, and the
  /// wanted files of that tree. The whole archive is read, because a later member of the same name replaces
  /// an earlier one, as in tar.
  func files() async throws(Failure) -> [SourceFile] {
    var trees = TreeMembers(wanted: wanted)
    var scanner = TarScanner(name: name) { wanted.inArchive($0) != nil }
    try await read { chunk throws(Failure) in
      for member in try scanner.feed(chunk) { trees.insert(member) }
      return !scanner.isEnded
    } atEnd: { () throws(Failure) in
      guard scanner.isBetweenMembers else { throw Self.truncated(name) }
    }
    if let files = try trees.files(displayName: { "\(name):\($0)" }) { return files }
    if let link = trees.link {
      throw Failure(.unreadable, "\(name): \(link) is a link, and links are not followed")
    }
    throw Failure(
      .unreadable, "\(name) contains no \(KernelPath.main)",
      advice: scanner.isEnded ? nil : "it has no end mark either: it may be truncated")
  }

  /// Passes the unpacked bytes to `take` until it returns false; at the end of the bytes calls `atEnd`.
  func read(
    take: (ArraySlice<UInt8>) throws(Failure) -> Bool,
    atEnd: () throws(Failure) -> Void
  ) async throws(Failure) {
    let file = try InputFile.open(name, regularOnly: true)
    let probe = try InputFile.open(name, regularOnly: true)
    guard let start = try InputFile.readChunk(descriptor: probe.descriptor, name: name) else {
      throw Failure(.unreadable, "\(name) is empty")
    }
    guard let (program, arguments) = Compression(magic: start).unpacker else {
      while let chunk = try InputFile.readChunk(descriptor: file.descriptor, name: name) {
        guard try take(chunk) else { return }
      }
      return try atEnd()
    }
    let path = try tools.locate(program, advice: "install \(program) to read \(name)")
    do {
      let result = try await Subprocess.run(
        tools.configuration(path, arguments),
        input: .fileDescriptor(.init(rawValue: file.descriptor), closeAfterSpawningProcess: false),
        output: .sequence, error: .string(limit: 1 << 16)
      ) { execution in
        for try await buffer in execution.standardOutput {
          guard try take(buffer.withUnsafeBytes { [UInt8]($0)[...] }) else { return true }
        }
        return false
      }
      if result.closureResult { return }
      guard result.terminationStatus.isSuccess else {
        throw Failure(
          .unreadable,
          "\(name) is damaged or truncated (\(Tools.firstLine(of: result.standardError)))",
          advice: "fetch it again")
      }
    } catch {
      throw Tools.failure(of: path, error)
    }
    try atEnd()
  }

  private static func truncated(_ name: String) -> Failure {
    Failure(.unreadable, "\(name) is truncated: it ends within a file", advice: "fetch it again")
  }
}

/// The members of the kernel trees in an archive, by the path of each tree.
struct TreeMembers {
  let wanted: KernelFiles
  private var trees: [String: [String: [UInt8]]] = [:]

  /// The path of a main file that is a link.
  private(set) var link: String?

  init(wanted: KernelFiles = .subject) { self.wanted = wanted }

  /// Adds a member that `KernelFiles.inArchive` accepts. It replaces a former member of the same path, even
  /// if it is a link.
  mutating func insert(_ member: TarScanner.Member) {
    guard let (prefix, path) = wanted.inArchive(member.path) else { return }
    trees[prefix, default: [:]][path] = member.bytes
    if path == KernelPath.main, member.bytes == nil { link = member.path }
  }

  /// The files of the tree with the shortest path, the main one first; nil if no tree has a main file.
  func files(displayName: (String) -> String) throws(Failure) -> [SourceFile]? {
    let candidates = trees.filter { $0.value[KernelPath.main] != nil }.keys
    guard let prefix = candidates.min(by: { ($0.count, $0) < ($1.count, $1) }),
      let tree = trees[prefix], let main = tree[KernelPath.main]
    else { return nil }
    var files = [
      try SourceFile(
        path: KernelPath.main, displayName: displayName(prefix + KernelPath.main), bytes: main)
    ]
    for path in tree.keys.sorted(by: wanted.precedes) where path != KernelPath.main {
      guard let bytes = tree[path] else { continue }
      // Leave out a helper that is not text: the surface cannot use it.
      if let file = try? SourceFile(
        path: path, displayName: displayName(prefix + path), bytes: bytes)
      {
        files.append(file)
      }
    }
    return files
  }
}
