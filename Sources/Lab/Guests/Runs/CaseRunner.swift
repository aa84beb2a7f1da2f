// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// Runs a case on a real kernel, and records the kernel's behaviour.
struct CaseRunner: Sendable {
  let files: GuestFiles
  let confirmCase: ConfirmCase
  let mode: PagingMode
  /// An existing folder for this run alone.
  let folder: String
  let symbols: SymbolCache

  /// A run of a case in a mode, with a kernel's files.
  init(
    files: GuestFiles, confirmCase: ConfirmCase, mode: PagingMode, folder: String,
    symbols: SymbolCache = SymbolCache()
  ) {
    self.files = files
    self.confirmCase = confirmCase
    self.mode = mode
    self.folder = folder
    self.symbols = symbols
  }

  /// Throws if a program is missing that every run needs and that is not fetched with the others.
  static func checkPrograms() throws(Failure) {
    _ = try MachineProgram(named: "cpio", package: "cpio")
  }

  /// The time that a kernel may take to boot on a busy machine.
  private static let bootPatience = Duration.seconds(90)

  /// Boots the kernel, runs the case to its end or until the kernel stops, and ends the machine.
  ///
  /// - Returns: the recording, and the machine that the kernel ran in, e.g. "QEMU 7.2.22".
  func record() async throws(Failure) -> (KernelRecording, machine: String) {
    if let flaw = confirmCase.flaw {
      throw Failure(.incomplete, "the case \(confirmCase.id) cannot be run: \(flaw)")
    }
    let machine = try await VirtualMachine.boot(
      VirtualMachineOptions(
        files: files, mode: mode.name, boot: confirmCase.boot, regions: confirmCase.regions,
        kernelArguments: DriverScript.kernelArguments(for: confirmCase), folder: folder),
      within: Self.bootPatience)
    do throws(Failure) {
      let recording = try await record(on: machine)
      await machine.end()
      return (recording, machine.machine)
    } catch {
      await machine.end()
      throw error
    }
  }

  private func record(on machine: VirtualMachine) async throws(Failure) -> KernelRecording {
    let reader = try await prepare(machine)
    var recording = KernelRecording(
      confirmCase: confirmCase, mode: mode.name, release: machine.release,
      vmemmapStartPFN: reader.layout.vmemmapStartPFN, start: try await reader.read().state,
      steps: [])
    for step in confirmCase.steps {
      let recorded = try await run(step, on: machine, reader)
      recording.steps.append(recorded)
      if recorded.outcome == .stopped { break }
    }
    return recording
  }

  private func prepare(_ machine: VirtualMachine) async throws(Failure) -> StateReader {
    let script = DriverScript(confirmCase: confirmCase)
    let preparations = confirmCase.regions.indices.map { script.preparation(of: $0) }
    let known = symbols.symbols(of: files.image)
    let answer = try await machine.run(
      GuestAnswerParts.command(
        [known == nil ? KernelSymbols.command : ":", "mkdir -p /tmp", script.loading]
          + preparations + [GuestDialogue.tracing]), within: StateReader.patience)
    guard let symbols = known ?? KernelSymbols(GuestAnswerParts(answer.output)[0]) else {
      throw Failure(
        .incomplete, "/proc/kallsyms lacks a required symbol",
        advice: "build it with CONFIG_KALLSYMS_ALL", console: machine.lastLines)
    }
    self.symbols.note(symbols, of: files.image)
    return try await StateReader.find(symbols, in: machine, mode: mode, for: confirmCase)
  }

  private func run(
    _ step: ConfirmCase.Step, on machine: VirtualMachine, _ reader: StateReader
  ) async throws(Failure) -> RecordedStep {
    let script = DriverScript(confirmCase: confirmCase)
    let action = script.action(step.action, region: step.region, times: step.times ?? 1)
    let isTraced = step.action != .cycle
    let isBound = "[ -e \(script.boundDevice(of: step.region))/driver ] && echo bound"
    var recorded = RecordedStep(step: step, outcome: .stopped, events: [], messages: [], after: nil)
    let answer: GuestAnswer
    do throws(Failure) {
      answer = try await machine.run(
        GuestAnswerParts.command([
          isBound,
          "dmesg -c > /dev/null; echo > /t/trace; echo \(isTraced ? 1 : 0) > /t/tracing_on",
          "sh -c '\(action)'", "echo 0 > /t/tracing_on", isBound,
          isTraced ? GuestDialogue.trace : ":", "dmesg -c",
        ]), within: StateReader.patience)
    } catch {
      // A kernel that no longer answers has stopped, if its messages say so.
      guard GuestDialogue.isStop(error.console) else { throw error }
      recorded.messages = error.console
      return recorded
    }
    let parts = GuestAnswerParts(answer.output)
    recorded.messages = GuestDialogue.messages(parts[6])
    recorded.events = GuestDialogue.events(parts[5])
    if GuestDialogue.isStop(recorded.messages) { return recorded }
    recorded.outcome = Self.outcome(
      of: step.action, wasBound: parts[0].contains("bound"), isBound: parts[4].contains("bound"))
    let (state, messages) = try await reader.read()
    recorded.after = state
    recorded.messages += messages
    return recorded
  }

  /// A driver refuses if its device is already bound or unbound, or if the device fails.
  private static func outcome(
    of action: ConfirmCase.Action, wasBound: Bool, isBound: Bool
  ) -> KernelOutcome {
    switch action {
    case .add: !wasBound && isBound ? .done : .refused
    case .remove: wasBound && !isBound ? .done : .refused
    case .cycle: !wasBound && !isBound ? .done : .refused
    }
  }
}
