// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Lab

/// Whether Python is installed, which plays QEMU.
private let hasPython = (try? MachineProgram(named: "python3", package: "python3")) != nil

/// Boots a made-up kernel in a made-up QEMU with a console and a monitor.
@Suite("A machine's boot", .enabled(if: hasCpio && hasPython))
struct BootTests {
  /// Plays QEMU: writes a device tree, or opens a monitor and runs the guest's own requests in a shell. The
  /// arguments `satp` and `kernel` replace the processor's register and the kernel.
  private static func qemu(satp: String, kernel: String) -> String {
    """
    #!/usr/bin/env python3
    import json, os, re, socket, subprocess, sys, threading
    words = " ".join(sys.argv)
    dump = re.search(r"dumpdtb=(\\S+)", words)
    if dump:
        open(dump.group(1), "w").write(open("tree").read())
        sys.exit()
    open("arguments", "w").write("\\n".join(sys.argv[1:]))
    open("ram", "w").truncate(4096)
    server = socket.socket(socket.AF_UNIX)
    server.bind("qmp")
    server.listen(1)
    def monitor():
        client = server.accept()[0].makefile("rw")
        def say(what):
            client.write(json.dumps(what) + "\\n")
            client.flush()
        numbers = {"major": 7, "minor": 2, "micro": 22}
        say({"QMP": {"version": {"qemu": numbers, "package": ""}, "capabilities": []}})
        for line in client:
            request = json.loads(line)
            name = request["execute"]
            if name == "human-monitor-command":
                say({"return": " satp     \(satp)\\r\\n", "id": request["id"]})
            elif name in ("qmp_capabilities", "stop"):
                say({"return": {}, "id": request["id"]})
            else:
                say({"error": {"class": "E", "desc": "no " + name}, "id": request["id"]})
    threading.Thread(target=monitor, daemon=True).start()
    token = re.search(r"mhpcheck_token=(\\S+)", words).group(1)
    sys.exit(subprocess.run(["sh", "-c", open("\(kernel)").read()], env={
        "PATH": "/usr/bin:/bin", "run": ".", "mhpcheck_token": token}).returncode)
    """
  }

  private static let kernel = "echo '[ 0.1] booting'\n\(GuestInit.requests)"

  /// The options of a made-up machine in `folder`.
  private static func options(
    in folder: PrivateFolder, mode: String = "sv48", satp: String = "9000000000081f3c",
    kernel: String = kernel
  ) throws -> VirtualMachineOptions {
    for name in ["libnvdimm", "nd_btt", "of_pmem", "nd_pmem"] {
      try folder.write("modules/kernel/drivers/nvdimm/\(name).ko", [])
    }
    for name in ["dax_pmem", "device_dax", "kmem"] {
      try folder.write("modules/kernel/drivers/dax/\(name).ko", [])
    }
    try folder.write("busybox", [])
    try folder.write("tree", DeviceTreeTests.machine.utf8)
    try folder.write("kernel", kernel.utf8)
    let qemu = try folder.script("qemu", "")
    try folder.write(
      "qemu", qemu.isEmpty ? [] : Array(Self.qemu(satp: satp, kernel: "kernel").utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: qemu)
    // Copies text to text, because the made-up machine's tree cannot be compiled.
    let dtc = try folder.script(
      "dtc", "[ $6 = qemu.dtb ] && exec cat qemu.dtb; cat >machine.dtb")
    return VirtualMachineOptions(
      files: GuestFiles(
        image: folder.file("kernel"), modules: folder.file("modules"),
        busybox: folder.file("busybox"), qemu: qemu, qemuData: nil, dtc: dtc, libraries: nil,
        version: nil),
      mode: mode, boot: [.init(base: 0x8000_0000, size: 0x4000_0000)],
      regions: [.init(base: 0x1_4000_0000, size: 0x1000_0000)],
      kernelArguments: ["memhp_default_state=offline"], folder: folder.path)
  }

  private func refusal(_ options: VirtualMachineOptions) async -> Failure? {
    await LabTests.refusal { () async throws(Failure) in
      try await VirtualMachine.boot(options, within: .seconds(300))
    }
  }

  @Test("ends with a machine that answers, stops and reports its root table")
  func boots() async throws {
    let folder = try PrivateFolder()
    let machine = try await VirtualMachine.boot(
      try Self.options(in: folder), within: .seconds(300))
    #expect(machine.machine == "QEMU 7.2.22")
    #expect(!machine.release.isEmpty)
    let answer = try await machine.run("echo $((6 * 7))", within: .seconds(300))
    #expect(answer == GuestAnswer(output: "42\n", status: 0))
    try await machine.stop()
    let root = try await machine.rootTable()
    #expect(root.pfn == 0x81f3c)
    #expect(root.mode == "sv48")
    let refused = await LabTests.refusal { () async throws(Failure) in
      try await machine.resume()
    }
    #expect(refused?.message == "QEMU refuses cont: no cont")
    #expect(refused?.console == ["[ 0.1] booting"])
    await machine.end()
    #expect(!FileManager.default.fileExists(atPath: machine.ramFile))
    #expect(FileManager.default.fileExists(atPath: machine.consoleLog))
  }

  @Test("gives QEMU the changed tree, the mode, and RAM to the end of the last range plus 4 MiB")
  func arguments() async throws {
    let folder = try PrivateFolder()
    let machine = try await VirtualMachine.boot(
      try Self.options(in: folder), within: .seconds(300))
    await machine.end()
    let arguments = try folder.text("arguments").split(separator: "\n").map(String.init)
    // 0x150000000 - 0x80000000 is 3328 MiB.
    #expect(machine.ramSize == 3332 << 20)
    #expect(arguments.contains("3332M"))
    #expect(
      arguments.contains(
        "memory-backend-file,id=ram0,size=3332M,mem-path=ram,share=on"))
    let line = try #require(arguments.first { $0.hasPrefix("console=ttyS0 ") })
    #expect(line.contains(" no5lvl ") && line.hasSuffix(" memhp_default_state=offline"))
    #expect(try folder.text("machine.dtb").contains("pmem@140000000 {"))
    #expect(try folder.text("machine.dtb").contains("reg = <0x0 0x80000000 0x0 0x40000000>;"))
  }

  @Test("into another mode than the one asked for is an error")
  func otherMode() async throws {
    let folder = try PrivateFolder()
    let error = await refusal(try Self.options(in: folder, mode: "sv57"))
    #expect(error?.message == "the kernel runs in sv48, although sv57 was requested")
    #expect(!FileManager.default.fileExists(atPath: folder.file("ram")))
  }

  @Test("that stops is an error with the console's last lines, and leaves no memory")
  func stops() async throws {
    let folder = try PrivateFolder()
    let error = await refusal(
      try Self.options(in: folder, kernel: "echo '[ 0.2] Kernel panic - not syncing'"))
    #expect(error?.message == "the guest stopped")
    #expect(error?.console == ["[ 0.2] Kernel panic - not syncing"])
    #expect(!FileManager.default.fileExists(atPath: folder.file("ram")))
  }

  @Test("that does not finish is given up in time")
  func hangs() async throws {
    let folder = try PrivateFolder()
    let options = try Self.options(in: folder, kernel: "echo '[ 0.2] waiting'; sleep 1000")
    let error = await LabTests.refusal { () async throws(Failure) in
      try await VirtualMachine.boot(options, within: .seconds(5))
    }
    #expect(error?.message == "the guest does not answer in time")
  }

  @Test("has a size of RAM with which QEMU can load the initramfs")
  func ramSize() throws {
    let folder = try PrivateFolder()
    var options = try Self.options(in: folder)
    // Half a GiB, and 4 MiB for the device tree.
    options.boot[0].size = 512 << 20
    options.regions = []
    #expect(options.ramSize == 516 << 20)
    // 2176 MiB and 4: QEMU 7.2 refuses 2178 to 2181 MiB, because 0x88200000 is 2178 MiB. An archive has at
    // most 64 MiB.
    options.regions = [.init(base: 0x1_0400_0000, size: 0x400_0000)]
    #expect(options.ramSize == 2242 << 20)
    // 0xa0200000, where newer versions put the archive, is 2562 MiB.
    options.regions = [.init(base: 0x1_1000_0000, size: 0x1000_0000)]
    #expect(options.ramSize == 2626 << 20)
  }

  @Test("is refused if the options describe no possible machine")
  func refused() async throws {
    let folder = try PrivateFolder()
    let good = try Self.options(in: folder)
    var options = good
    options.mode = "sv32"
    #expect(await refusal(options)?.message == "there is no mode sv32")
    options = good
    options.boot[0].base = 0x9000_0000
    #expect(await refusal(options)?.message.hasPrefix("boot memory does not begin") == true)
    options = good
    options.regions.append(.init(base: 0x1_4fff_f000, size: 0x2000))
    #expect(
      await refusal(options)?.message == "two ranges of memory overlap at 0x14ffff000")
    options = good
    options.regions[0].size = 1
    #expect(
      await refusal(options)?.message
        == "the memory range at 0x140000000 is not page-aligned, or is out of bounds")
    options = good
    options.regions[0].size = .max - 0xfff
    #expect(
      await refusal(options)?.message
        == "the memory range at 0x140000000 is not page-aligned, or is out of bounds")
    options = good
    options.kernelArguments = ["quiet\nroot=/dev/vda"]
    #expect(await refusal(options)?.message.hasPrefix("the kernel's command line") == true)
    options = good
    // The first files are at 0xa0200000, 514 MiB above the start of RAM.
    options.boot[0].size = 0x2020_0000
    #expect(
      await refusal(options)?.message.hasPrefix(
        "boot memory has no room for the guest's first files at 0xa0200000") == true)
  }
}
