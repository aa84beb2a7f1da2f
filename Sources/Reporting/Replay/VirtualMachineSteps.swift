// SPDX-License-Identifier: GPL-2.0-only

import MachineModel
import Oracle
import PageTables
import Scenarios

/// A case as steps for a virtual machine: `mhpcheck replay --format qemu`.
///
/// What user space can do is to bind and unbind a region of persistent memory: `arch_add_memory` and
/// `arch_remove_memory` of the whole region.
public struct VirtualMachineSteps: Sendable {
  /// Why a case cannot be reached from user space.
  public struct Refusal: Error, Sendable {
    /// One sentence, without the case's name.
    public var reason: String
  }

  /// A region and what is done to it, in order.
  private struct Region: Hashable {
    var start: UInt64
    var size: UInt64
  }

  /// A sub-section: what regions are made of.
  private static let granule: UInt64 = 2 << 20
  /// The first address that QEMU's virt machine has no RAM below.
  private static let ramBase: UInt64 = 0x8000_0000
  /// The kernel and its initrd lie below.
  private static let bootEnd: UInt64 = 0xb000_0000
  private static let mostMemory: UInt64 = 64 << 30

  /// A shell script with the steps as comments.
  public let text: String

  /// - Parameters:
  ///   - scenario: the case.
  ///   - hazards: those of upstream's text that show in it.
  public init(_ scenario: Scenario, hazards: [Hazard.ID]) throws(Refusal) {
    let (regions, actions) = try Self.plan(scenario)
    let top = regions.map { $0.start + $0.size }.max() ?? Self.bootEnd
    let ramEnd = max(
      scenario.globals.maxPFN << 12, top + Self.granule, Self.bootEnd)
    guard ramEnd - Self.ramBase <= Self.mostMemory else {
      throw Refusal(reason: "its memory lies beyond 64 GiB, more than a file should be")
    }
    text = Self.script(scenario, regions, actions, ramEnd: ramEnd, hazards: hazards)
  }

  private static func plan(
    _ scenario: Scenario
  ) throws(Refusal) -> (regions: [Region], actions: [(isAdd: Bool, region: Int)]) {
    guard scenario.indexBits == 9 else {
      throw Refusal(reason: "no kernel has tables of \(1 << scenario.indexBits) entries")
    }
    guard scenario.injected == Scenario.InjectedFailures() else {
      throw Refusal(reason: "what is made to fail in it cannot be made to fail from user space")
    }
    guard scenario.altmaps.isEmpty, !scenario.globals.isDebugPagealloc else {
      throw Refusal(
        reason: "its memmap lies in a device, or it needs debug_pagealloc: bind it by hand")
    }
    // Tables that lead nowhere are those of the root, made at boot; leaves are memory there before.
    let hasMemory = scenario.tables.contains { table in
      table.entries.contains { run in
        if case .table = run.value { return false }
        return true
      }
    }
    guard !hasMemory else {
      throw Refusal(reason: "memory is mapped in it before the first call, and no call added it")
    }
    var regions: [Region] = []
    var actions: [(isAdd: Bool, region: Int)] = []
    var added: Set<Int> = []
    for call in scenario.operations {
      guard call.function == .archAddMemory || call.function == .archRemoveMemory else {
        throw Refusal(reason: "it calls \(call.function.name) itself, which user space cannot")
      }
      let region = Region(start: call.start ?? 0, size: call.size ?? 0)
      let isAdd = call.function == .archAddMemory
      let (end, isWrapped) = region.start.addingReportingOverflow(region.size)
      guard region.start % granule == 0, region.size % granule == 0, region.size > 0, !isWrapped,
        region.start >= bootEnd, end <= ramBase + mostMemory
      else {
        throw Refusal(
          reason:
            "its memory is not whole sub-sections of 2 MiB between 0xb0000000 and 64 GiB of RAM")
      }
      let number = regions.firstIndex(of: region) ?? regions.count
      if number == regions.count {
        guard regions.allSatisfy({ $0.start >= end || $0.start + $0.size <= region.start }) else {
          throw Refusal(reason: "its ranges overlap, and a device's are bound and unbound whole")
        }
        regions.append(region)
      }
      guard added.contains(number) != isAdd else {
        throw Refusal(
          reason: isAdd ? "it adds memory that is there" : "it removes memory that it did not add")
      }
      if isAdd { added.insert(number) } else { added.remove(number) }
      actions.append((isAdd, number))
    }
    return (regions, actions)
  }

  private static func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

  private static func cells(_ value: UInt64) -> String {
    "\(hex(value >> 32)) \(hex(value & 0xffff_ffff))"
  }

  /// The RAM that the kernel boots with: all but the regions.
  private static func ram(_ regions: [Region], ramEnd: UInt64) -> [Region] {
    var ram: [Region] = []
    var place = ramBase
    for region in regions.sorted(by: { $0.start < $1.start }) {
      if region.start > place { ram.append(Region(start: place, size: region.start - place)) }
      place = region.start + region.size
    }
    if place < ramEnd { ram.append(Region(start: place, size: ramEnd - place)) }
    return ram
  }

  private static func script(
    _ scenario: Scenario, _ regions: [Region], _ actions: [(isAdd: Bool, region: Int)],
    ramEnd: UInt64, hazards: [Hazard.ID]
  ) -> String {
    let argument =
      switch scenario.mode {
      case "sv39": "no4lvl"
      case "sv48": "no5lvl"
      default: ""
      }
    // Names of a case may be a stranger's: nothing of them ends a comment.
    let about = CText.comment("case \(scenario.id), \(scenario.mode): \(scenario.purpose)")
    var nodes = ram(regions, ramEnd: ramEnd).map {
      "\tmemory@\(String($0.start, radix: 16)) { device_type = \"memory\"; "
        + "reg = <\(cells($0.start)) \(cells($0.size))>; numa-node-id = <0>; };\n"
    }
    nodes += regions.map {
      "\tpmem@\(String($0.start, radix: 16)) { compatible = \"pmem-region\"; "
        + "reg = <\(cells($0.start)) \(cells($0.size))>; numa-node-id = <0>; };\n"
    }
    let steps = actions.enumerated().map { number, action in
      let region = regions[action.region]
      let what = action.isAdd ? "arch_add_memory" : "arch_remove_memory"
      return "# call \(number + 1): \(what)(\(hex(region.start)), \(Naming.size(region.size)))\n"
        + (action.isAdd ? "bind" : "unbind") + " \(String(region.start, radix: 16))\n"
    }
    let looks = looks(scenario, hazards)
    return """
      #!/bin/sh
      # SPDX-License-Identifier: GPL-2.0-only
      #
      # \(about)
      #
      # Boots KERNEL in QEMU with memory withheld from it as persistent memory, and writes what the guest
      # has to do to guest.sh. Needs qemu-system-riscv64, dtc, a riscv64 kernel (KERNEL) whose
      # configuration has ZONE_DEVICE, MEMORY_HOTREMOVE and OF_PMEM, and an initrd (INITRD) with a shell,
      # guest.sh and the modules libnvdimm, nd_btt, of_pmem and nd_pmem. Mode: \(scenario.mode).
      # It was written from a model, and not run.
      set -eu
      : "${KERNEL:?the path of the kernel image}" "${INITRD:?the path of the initrd}"
      work=${WORK:-$PWD}
      machine="virt,memory-backend=ram0"
      ram="memory-backend-file,id=ram0,share=on,mem-path=$work/ram,size=\((ramEnd - ramBase) >> 20)M"

      # 1. The device tree: the machine's own, with memory as the case has it.
      qemu-system-riscv64 -machine "$machine,dumpdtb=$work/virt.dtb" -object "$ram" \\
      \t-m \((ramEnd - ramBase) >> 20)M -cpu rv64 -smp 1
      dtc -q -I dtb -O dts "$work/virt.dtb" |
      \tawk '/^\\tmemory@/ { skip = 1 } !skip { print } skip && /^\\t};/ { skip = 0 }' |
      \tsed '/device_type = "cpu";/a numa-node-id = <0>;' > "$work/case.dts"
      cat >> "$work/case.dts" <<'NODES'
      / {
      \(nodes.joined())};
      NODES
      dtc -q -I dts -O dtb -o "$work/case.dtb" "$work/case.dts"

      # 2. What the guest does, once it runs: put it into the initrd.
      cat > "$work/guest.sh" <<'GUEST'
      # The namespace of the region at a physical address, in hexadecimal digits.
      namespace() {
      \tfor path in /sys/bus/nd/devices/namespace*; do
      \t\t[ "$(cat "$path/resource" 2>/dev/null)" = "0x$1" ] && basename "$path" && return
      \tdone
      }
      bind() { namespace "$1" > /sys/bus/nd/drivers/nd_pmem/bind; sleep 1; }
      unbind() { namespace "$1" > /sys/bus/nd/drivers/nd_pmem/unbind; sleep 1; }
      modprobe -a libnvdimm nd_btt of_pmem nd_pmem
      # Modules bind what they find: begin with nothing bound.
      for path in /sys/bus/nd/drivers/nd_pmem/namespace*; do
      \t[ -e "$path" ] && basename "$path" > /sys/bus/nd/drivers/nd_pmem/unbind
      done
      \(steps.joined())\
      \(looks)GUEST

      # 3. The run. Ctrl-A X ends it.
      exec qemu-system-riscv64 -machine "$machine" -object "$ram" \\
      \t-m \((ramEnd - ramBase) >> 20)M -cpu rv64 -smp 1 -nographic -no-reboot -dtb "$work/case.dtb" \\
      \t-kernel "$KERNEL" -initrd "$INITRD" -append "console=ttyS0 panic=-1 \(argument)"

      """
  }

  /// What to look for afterwards.
  private static func looks(_ scenario: Scenario, _ hazards: [Hazard.ID]) -> String {
    var lines = [
      "# Look for: an oops or a panic on the console; and with the machine stopped (QEMU's monitor: stop),",
      "# the tables in the file ram, from the root in satp (info registers): mhpcheck replay of this case",
      "# shows what should stand in them.",
    ]
    for hazard in hazards {
      switch hazard {
      case .h1:
        lines.append("# H1: reading the memory that stays through its device ends in a panic.")
      case .h2:
        lines += [
          "# H2: nr_page_table_pages falls with each cycle; repeat the calls some times.",
          "echo 1 > /proc/sys/vm/stat_refresh; grep nr_page_table_pages /proc/vmstat",
        ]
      case .h3:
        lines += [
          "# H3: max_pfn has fallen when this says 0 bytes, for a page of RAM near the top.",
          "dd if=/proc/kpagecount bs=8 count=1 skip=\((scenario.globals.maxPFN > 0 ? scenario.globals.maxPFN : 1) - 1) "
            + "2>/dev/null | wc -c",
        ]
      default: lines.append("# \(hazard.rawValue): \(Hazard(hazard).title).")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
