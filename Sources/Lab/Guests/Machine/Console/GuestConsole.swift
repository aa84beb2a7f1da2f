// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Synchronization

/// The output on a guest's serial line so far: all of it in a file, its last lines, and the answers in it.
final class GuestConsole: Sendable {
  /// The maximum size of a log in bytes, so that a guest that prints without end does not fill the disk.
  static let largestLog = 1 << 26

  private struct State {
    var reader: AnswerReader
    var lines = ConsoleLines()
    var answers: [Int: AnswerReader.Piece] = [:]
    var logged = 0
    var hasEnded = false
  }

  private let state: Mutex<State>
  private let log: ConsoleLog

  /// A console whose answers carry `token`. Its log is the file at `path`, which is made anew.
  init(token: String, logPath path: String) throws(Failure) {
    log = try ConsoleLog(path)
    state = Mutex(State(reader: AnswerReader(token: token)))
  }

  /// Takes output of the guest.
  func receive(_ bytes: [UInt8]) {
    state.withLock { state in
      let room = Self.largestLog - state.logged
      log.write(bytes.prefix(room))
      if bytes.count > room, room > 0 {
        log.write(Array("\nmhpcheck: the log ends here; the guest went on printing\n".utf8)[...])
      }
      state.logged += min(bytes.count, room)
      for piece in state.reader.feed(bytes) {
        switch piece {
        case .noise(let noise): state.lines.append(noise)
        case .answer(let number, _, _), .torn(let number):
          // Only one answer is awaited at a time; a late one is dropped.
          state.answers = [number: piece]
        }
      }
    }
  }

  /// Marks the end of the output.
  func end() {
    state.withLock { state in
      state.lines.append(state.reader.finish())
      state.hasEnded = true
    }
  }

  /// The answer `number`, if it has arrived; it is removed.
  func take(_ number: Int) -> AnswerReader.Piece? {
    state.withLock { $0.answers.removeValue(forKey: number) }
  }

  /// Whether the guest's line is closed.
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  /// The last lines that are not answers, oldest first.
  var lastLines: [String] { state.withLock { $0.lines.last } }
}
