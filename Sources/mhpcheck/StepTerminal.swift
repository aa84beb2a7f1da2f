// SPDX-License-Identifier: GPL-2.0-only

import Glibc

/// The terminal while steps are gone through: keys come one by one and unseen, on a screen of their own.
/// However the program ends or stops, the terminal is as it was: `leave` is called at the end, by
/// `Interruption`, and before a stop.
enum StepTerminal {
  /// As the terminal was; set before anything is changed, read by signal handlers.
  nonisolated(unsafe) private static var before = termios()
  nonisolated(unsafe) private static var isEntered = false
  /// The program came back from a stop, or the window has another size: all is to be drawn anew.
  nonisolated(unsafe) private static var isStale = false

  /// Whether both ends are a terminal.
  static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// Lines and columns.
  static var size: (lines: Int, columns: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (24, 80) }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  /// Takes the terminal over; false when it does not let that be done.
  static func enter() -> Bool {
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return false }
    // Stopping and going on: as a shell's user is used to.
    signal(SIGTSTP) { _ in
      StepTerminal.leave()
      _ = kill(getpid(), SIGSTOP)
      StepTerminal.takeOver()
    }
    signal(SIGCONT) { _ in StepTerminal.takeOver() }
    signal(SIGWINCH) { _ in StepTerminal.redraw() }
    isEntered = true
    takeOver()
    return true
  }

  /// Gives the terminal back. May be called at any time, by a signal handler too.
  static func leave() {
    guard isEntered else { return }
    write("\u{1b}[?25h\u{1b}[?1049l")
    _ = tcsetattr(STDIN_FILENO, TCSANOW, &before)
  }

  /// Gives the terminal back for good.
  static func end() {
    leave()
    isEntered = false
    for number in [SIGTSTP, SIGCONT, SIGWINCH] { signal(number, SIG_DFL) }
  }

  /// The next key as the bytes it sends; nil when there is no more to come. Calls `draw` whenever the
  /// screen has to be drawn anew.
  static func key(redrawing draw: () -> Void) -> [UInt8]? {
    while true {
      if isStale {
        isStale = false
        draw()
      }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let ready = poll(&input, 1, 100)
      if ready < 0, errno != EINTR { return nil }
      guard ready > 0 else { continue }
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = read(STDIN_FILENO, &bytes, 1)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      // The rest of an escape sequence comes at once; of other keys each is one.
      guard bytes[0] == 0x1b else { return [bytes[0]] }
      var key = [bytes[0]]
      while key.count < 8, poll(&input, 1, 20) > 0, read(STDIN_FILENO, &bytes, 1) == 1 {
        key.append(bytes[0])
        if key.count > 2, (0x40...0x7e).contains(bytes[0]) { break }
      }
      return key
    }
  }

  /// Writes to the terminal as it stands.
  static func write(_ text: StaticString) {
    _ = Glibc.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func redraw() { isStale = true }

  private static func takeOver() {
    guard isEntered else { return }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    _ = tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    write("\u{1b}[?1049h\u{1b}[?25l")
    isStale = true
  }
}
