// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc

/// The descendants of this process that still run.
enum ChildProcesses {
  private struct Status {
    var process: pid_t
    var parent: pid_t
  }

  /// The children of the calling thread. Before the program starts processes itself, these are all its
  /// children.
  static var ofThread: Set<pid_t> {
    guard let text = FileManager.default.contents(atPath: "/proc/thread-self/children") else {
      // The kernel has no CONFIG_PROC_CHILDREN.
      return all()
    }
    return Set(String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) })
  }

  /// All descendants, except for some children and the descendants of those.
  static func all(except spared: Set<pid_t> = []) -> Set<pid_t> {
    let processes = running()
    var found: Set<pid_t> = []
    var parents: Set<pid_t> = [getpid()]
    while !parents.isEmpty {
      let children = processes.filter { parents.contains($0.parent) }.map(\.process)
      parents = Set(children).subtracting(spared).subtracting(found)
      found.formUnion(parents)
    }
    return found
  }

  /// Kills all descendants except for some, and returns when they are gone or the time is up.
  ///
  /// The function stops them first. A stopped process starts no others, and leaves no orphans that the search
  /// would miss.
  static func killAll(except spared: Set<pid_t>, within limit: Duration) {
    let end = ContinuousClock.now + limit
    var stopped: Set<pid_t> = []
    while case let new = all(except: spared).subtracting(stopped), !new.isEmpty {
      for process in new { kill(process, SIGSTOP) }
      stopped.formUnion(new)
    }
    for process in stopped { kill(process, SIGKILL) }
    while ContinuousClock.now < end, !stopped.isDisjoint(with: running().map(\.process)) {
      usleep(1000)
    }
  }

  /// All processes of the machine, without zombies.
  private static func running() -> [Status] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in pid_t(name).flatMap(status) }
  }

  /// Reads a process's status; nil for zombies. State and parent follow the name, which may contain anything
  /// (proc_pid_stat(5)).
  private static func status(of process: pid_t) -> Status? {
    guard let text = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
      let nameEnd = text.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let words = text[(nameEnd + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count == 3, let state = words[0].first, state != UInt8(ascii: "Z"),
      let parent = pid_t(String(decoding: words[1], as: UTF8.self))
    else { return nil }
    return Status(process: process, parent: parent)
  }
}
