// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

extension VirtualMachine {
  private static let archiveName = "initramfs"
  private static let treeName = "machine.dtb"

  /// The time that QEMU may take for a request to its monitor.
  private static let monitorPatience = Duration.seconds(20)

  /// Boots a kernel. `limit` is the time from the start of QEMU until the kernel answers.
  ///
  /// Throws, with the last lines of the console, if the kernel stops or stays silent, or if it runs in
  /// another mode than requested.
  static func boot(
    _ options: VirtualMachineOptions, within limit: Duration
  ) async throws(Failure) -> VirtualMachine {
    try options.check()
    let folder = options.folder
    let archive = "\(folder)/\(archiveName)"
    try await Initramfs.make(options.files, at: archive, staging: "\(folder)/root")
    try options.checkRoom(forArchiveOf: size(of: archive))
    try await makeDeviceTree(options)
    let token = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
    let arguments =
      machineArguments(options)
      + [
        "-smp", "1", "-display", "none", "-no-reboot", "-dtb", treeName,
        "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
        "-qmp", "unix:\(monitorName),server=on,wait=off",
        "-kernel", options.files.image, "-initrd", archiveName,
        "-append", try options.commandLine(token: token),
      ]
    let parts = try MachineParts(
      options.files.qemu, arguments, libraries: options.files.libraries, folder: folder,
      token: token)
    do {
      return try await ready(parts, options, before: ContinuousClock.now + limit)
    } catch {
      await parts.end()
      throw error
    }
  }

  private static func ready(
    _ parts: MachineParts, _ options: VirtualMachineOptions,
    before deadline: ContinuousClock.Instant
  ) async throws(Failure) -> VirtualMachine {
    guard let hello = try await parts.answer(GuestInit.readyNumber, before: deadline) else {
      throw Failure(
        .incomplete, "the kernel's messages interrupt every answer",
        console: parts.console.lastLines)
    }
    let monitor = try await MonitorClient.connect(
      folder: options.folder, name: monitorName, patience: monitorPatience)
    let machine = await VirtualMachine(
      parts: parts, monitor: monitor, ramSize: options.ramSize,
      release: MachineProgram.firstLine(hello.output))
    let mode = try await machine.rootTable().mode
    guard mode == options.mode else {
      throw Failure(
        .incomplete, "the kernel runs in \(mode), although \(options.mode) was requested",
        advice: "use a kernel and a QEMU that have \(options.mode)",
        console: parts.console.lastLines)
    }
    return machine
  }

  /// Gets the machine's device tree from QEMU, changes it, and compiles it.
  private static func makeDeviceTree(_ options: VirtualMachineOptions) async throws(Failure) {
    let qemu = MachineProgram(at: options.files.qemu, libraries: options.files.libraries)
    let dtc = MachineProgram(at: options.files.dtc, libraries: options.files.libraries)
    let folder = options.folder
    let dumped = "qemu.dtb"
    defer { try? FileManager.default.removeItem(atPath: "\(folder)/\(dumped)") }
    try await qemu.run(
      machineArguments(options, machine: ",dumpdtb=\(dumped)") + ["-display", "none"],
      folder: folder)
    let text = try await dtc.run(["-q", "-I", "dtb", "-O", "dts", dumped], folder: folder)
    var tree = try DeviceTreeText(String(decoding: text, as: UTF8.self))
    try GuestDeviceTree.edit(
      &tree, boot: options.boot, regions: options.regions, mode: options.mode)
    try await dtc.run(
      ["-q", "-I", "dts", "-O", "dtb", "-o", treeName, "-"], folder: folder,
      input: Array(tree.text.utf8))
  }

  /// The arguments for the machine itself, the same for QEMU's dump of the tree and for the run. Files are
  /// named relative to the machine's folder, because commas have a special meaning in QEMU's options.
  private static func machineArguments(
    _ options: VirtualMachineOptions, machine: String = ""
  ) -> [String] {
    let mebibytes = "\(options.ramSize >> 20)M"
    return (options.files.qemuData.map { ["-L", $0] } ?? []) + [
      "-nodefaults", "-no-user-config", "-machine", "virt,memory-backend=ram0\(machine)",
      "-cpu", "rv64", "-m", mebibytes, "-object",
      "memory-backend-file,id=ram0,size=\(mebibytes),mem-path=\(ramName),share=on",
    ]
  }

  private static func size(of path: String) -> UInt64 {
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64
    return size ?? 0
  }
}
