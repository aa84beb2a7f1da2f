// SPDX-License-Identifier: GPL-2.0-only

import Glibc
import Worker

// The program that mhpcheck starts to run a subject's code. It contains neither the reference nor the
// port, so that a subject finds no correct code to call.
guard CommandLine.arguments.count == 2 else {
  let message = "mhpcheck-worker: this program is started by mhpcheck; do not run it directly\n"
  _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(2)
}
exit(WorkerProcess.run(planJSON: CommandLine.arguments[1]))
