// SPDX-License-Identifier: GPL-2.0-only

import Synchronization

/// A guest's serial line, as far as it came: all of it in a file, its last lines, and the answers in it.
final class GuestConsole: Sendable {
  /// The most bytes of a log; a guest that prints without end does not fill the disk.
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

  /// A console whose answers carry `token`, logged to the file at `path`, which is made anew.
  init(token: String, logPath path: String) throws(GuestError) {
    log = try ConsoleLog(path)
    state = Mutex(State(reader: AnswerReader(token: token)))
  }

  /// Takes what the guest printed.
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
          // Nobody waits for more than one; one that came late is nobody's.
          state.answers = [number: piece]
        }
      }
    }
  }

  /// Says that nothing more will come.
  func end() {
    state.withLock { state in
      state.lines.append(state.reader.finish())
      state.hasEnded = true
    }
  }

  /// The answer `number`, once it is there; it is taken out.
  func take(_ number: Int) -> AnswerReader.Piece? {
    state.withLock { $0.answers.removeValue(forKey: number) }
  }

  /// Whether the guest's line is closed.
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  /// The last lines that are not answers, oldest first.
  var lastLines: [String] { state.withLock { $0.lines.last } }
}
