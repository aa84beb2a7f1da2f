// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subprocess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The process of a machine. Its input and output are the machine's console, and it does not outlive this
/// program.
///
/// It runs below a shell, in a process group of their own. Its input comes through `cat`. When the input
/// ends, because this program closed it or is gone for any reason, the group is killed. PR_SET_PDEATHSIG
/// would not do: it depends on the thread that started the process, and the threads of this program come and
/// go.
final class MachineProcess: Sendable {
  /// `$1` is LD_LIBRARY_PATH for the machine alone, because the shell's own programs have their own
  /// libraries; the rest is the command. Files that are large or useless later are removed with the machine.
  static let script = """
    libraries=$1
    shift
    {
      cat
      rm -f \(VirtualMachine.ramName) \(VirtualMachine.monitorName)
      kill -s KILL 0
    } | {
      [ -z "$libraries" ] || export LD_LIBRARY_PATH="$libraries"
      "$@" 2>&1
      kill -s KILL 0
    }
    """

  private let input: Mutex<Int32?>
  private let task: Task<Void, Never>

  /// Starts `program` in `folder`; its output and errors go to `console`, which ends with it.
  init(
    _ program: String, _ arguments: [String], libraries: String?, folder: String,
    console: GuestConsole
  ) throws(Failure) {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0, &ends) == 0 else {
      throw Failure(.incomplete, "no socket: \(systemMessage())")
    }
    let theirs = ends[1]
    input = Mutex(ends[0])
    let configuration = Self.configuration(
      ["-c", Self.script, "mhpcheck-guest", libraries ?? "", program] + arguments, folder)
    task = Task {
      do {
        _ = try await Subprocess.run(
          configuration,
          input: .fileDescriptor(.init(rawValue: theirs), closeAfterSpawningProcess: true),
          output: .sequence, error: .discarded
        ) { process in
          for try await buffer in process.standardOutput {
            console.receive(buffer.withUnsafeBytes { Array($0) })
          }
        }
      } catch  where !Task.isCancelled {
        console.receive(
          Array("\nmhpcheck: \(program) could not be run: \(error)\n".utf8))
      } catch {}
      console.end()
    }
  }

  deinit {
    closeInput()
    task.cancel()
  }

  /// Types `bytes` at the console; throws if not all of them can be sent.
  func type(_ bytes: [UInt8]) throws(Failure) {
    let isSent = input.withLock { input in
      input.map { sendWhole($0, bytes) } ?? false
    }
    guard isSent else { throw Failure(.incomplete, "the guest does not accept console input") }
  }

  /// Kills the machine and waits until it is gone. The end of its output shows that: the last process of the
  /// group closes it, while the shell may be gone before the machine.
  func end() async {
    closeInput()
    let insists = Task { [task] in
      try await Task.sleep(for: .seconds(5))
      task.cancel()
    }
    await task.value
    insists.cancel()
  }

  private func closeInput() {
    input.withLock { input in
      if let descriptor = input { close(descriptor) }
      input = nil
    }
  }

  private static func configuration(_ arguments: [String], _ folder: String) -> Configuration {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    return Configuration(
      executable: .path("/bin/sh"), arguments: Arguments(arguments),
      environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C"]),
      workingDirectory: .init(folder), platformOptions: options)
  }
}
