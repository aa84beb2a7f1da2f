# SPDX-License-Identifier: GPL-2.0-only
"""Runs a program on a terminal of its own and plays a script of keys.

terminal.py SCRIPT PROGRAM ARGUMENT...

SCRIPT is JSON: a list of [action, argument]:
  expect TEXT   waits until the text was written since the last key
  key TEXT      types it
  signal N      sends the program a signal
  stopped       waits until the program is stopped, and has it go on
Says, as JSON: status (or -N for signal N), missing (a text that did not come, or null), raw (whether
the terminal ever let keys through unseen), restored (at every stop and at the end, the terminal was as
before), screen (all that was written).
"""
import json, os, pty, select, signal, sys, termios, time

script = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    time.sleep(0.2)
    os.execv(sys.argv[2], sys.argv[2:])

before = termios.tcgetattr(fd)
written = b""
since = 0
missing = None
raw = False
restored = True


def look(seconds):
    """Reads what comes within some time; false at the end."""
    global written, raw
    ready, _, _ = select.select([fd], [], [], seconds)
    if not ready:
        return True
    try:
        data = os.read(fd, 65536)
    except OSError:
        return False
    written += data
    raw = raw or not termios.tcgetattr(fd)[3] & termios.ICANON
    return bool(data)


def wait_for(condition, seconds=60):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            return False
        if not look(0.1):
            return condition()
    return True


for action, *argument in script:
    if action == "expect":
        wanted = argument[0].encode()
        if not wait_for(lambda: wanted in written[since:]):
            missing = argument[0]
            break
    elif action == "key":
        time.sleep(0.1)
        since = len(written)
        os.write(fd, argument[0].encode())
    elif action == "signal":
        since = len(written)
        os.kill(pid, argument[0])
    elif action == "stopped":
        stopped = lambda: os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED | os.WNOHANG)[1])
        if not wait_for(stopped):
            missing = "a stop"
            break
        restored = restored and termios.tcgetattr(fd) == before
        since = len(written)
        os.kill(pid, signal.SIGCONT)

if missing:
    os.kill(pid, signal.SIGKILL)
end = time.time() + 60
status = None
while status is None and time.time() < end:
    look(0.05)
    done, code = os.waitpid(pid, os.WNOHANG)
    if done:
        status = os.waitstatus_to_exitcode(code)
while look(0.2) and select.select([fd], [], [], 0)[0]:
    pass
try:
    restored = restored and termios.tcgetattr(fd) == before
except termios.error:
    pass
print(json.dumps({
    "status": status, "missing": missing, "raw": raw, "restored": restored,
    "screen": written.decode("utf-8", "replace"),
}))
