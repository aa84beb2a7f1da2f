// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Machine
import Port
import Subjects
import Synchronization

/// The part of the user's cache that belongs to this program: the port's answers, in a book for each list of upstream
/// states and each kernel, and the universes that subjects passed. Another build of the program has a shelf of its own, because its port
/// may do something else.
public final class AnswerShelf: Sendable {
  /// The number of programs whose books stay.
  private static let programsKept = 6

  /// Nil when there is no folder to keep books in; then they last for this run.
  private let folder: String?
  private let books = Mutex<[String: AnswerBook]>([:])
  /// The universes that subjects passed.
  let kept: KeptUniverses

  /// The shelf of a program, by the path of its file.
  public init(of program: String) {
    let shelves = CacheFolder(path: nil).place("answers")
    folder = Self.identity(of: program).flatMap { name in shelves.map { "\($0)/\(name)" } }
    kept = KeptUniverses(path: folder.map { "\($0)/kept" }) { Self.prepare($0) }
  }

  /// The file's identity: two builds differ in it.
  static func identity(of program: String) -> String? {
    var status = stat()
    guard stat(program, &status) == 0 else { return nil }
    return "\(status.st_dev)-\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec)"
      + "-\(status.st_mtim.tv_nsec)-\(status.st_ctim.tv_sec)-\(status.st_ctim.tv_nsec)"
  }

  /// The book for these upstream states and this kernel.
  func book(against fixes: [UpstreamFixes], kernel: KernelOptions) -> AnswerBook {
    let states = fixes.map { "\($0.rawValue)" }.joined(separator: ".")
    let name = "\(states)-\(kernel.rawValue)"
    return books.withLock { books in
      if let book = books[name] { return book }
      let book = AnswerBook(path: folder.map { "\($0)/\(name).json" }) { Self.prepare($0) }
      books[name] = book
      return book
    }
  }

  /// Makes a folder for the first book of a program, and removes those of programs that were built long ago.
  private static func prepare(_ folder: String) {
    let files = FileManager.default
    guard !files.fileExists(atPath: folder) else { return }
    let shelves = folder.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    let names = (try? files.contentsOfDirectory(atPath: shelves)) ?? []
    let dated = names.compactMap { name -> (path: String, time: Int)? in
      var status = stat()
      guard stat("\(shelves)/\(name)", &status) == 0 else { return nil }
      return ("\(shelves)/\(name)", status.st_mtim.tv_sec)
    }
    for old in dated.sorted(by: { $0.time > $1.time }).dropFirst(programsKept - 1) {
      try? files.removeItem(atPath: old.path)
    }
    try? files.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }
}
