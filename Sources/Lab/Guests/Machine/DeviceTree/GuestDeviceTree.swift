// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

/// The device tree for a guest: QEMU's own, with less memory, and with a device for each withheld range.
enum GuestDeviceTree {
  /// Changes `tree` so that a kernel boots with the memory `boot` alone, finds a persistent-memory device at
  /// each of `regions`, and uses `mode`.
  ///
  /// Every processor and all memory are in node 0: a memory device needs a node, too, because `kmem` asks for
  /// one (drivers/dax/kmem.c), and a kernel takes nodes from the tree only if all of them are there.
  static func edit(
    _ tree: inout DeviceTreeText, boot: [ConfirmCase.Extent], regions: [ConfirmCase.Extent],
    mode: String
  ) throws(Failure) {
    guard tree.root.value(of: "#address-cells") == "<0x02>",
      tree.root.value(of: "#size-cells") == "<0x02>"
    else { throw unlike("its root does not have 64-bit addresses") }
    guard let cpus = tree.root.children.firstIndex(where: { $0.name == "cpus" }) else {
      throw unlike("it has no cpus")
    }
    for index in tree.root.children[cpus].children.indices
    where isOf(tree.root.children[cpus].children[index], type: "cpu") {
      tree.root.children[cpus].children[index].set("numa-node-id", "<0>")
      // Newer kernels use no deeper mode than this; QEMU 7.2 says sv48 even if it can do more.
      tree.root.children[cpus].children[index].set("mmu-type", "\"riscv,\(mode)\"")
    }
    let memories = tree.root.children.indices.filter {
      isOf(tree.root.children[$0], type: "memory")
    }
    guard memories.count == 1 else { throw unlike("it has \(memories.count) nodes of memory") }
    tree.root.children[memories[0]].set("reg", cells(of: boot))
    tree.root.children[memories[0]].set("numa-node-id", "<0>")
    for region in regions {
      tree.root.children.append(
        .init(
          name: "pmem@\(String(region.base, radix: 16))",
          properties: [
            .init(name: "compatible", value: "\"pmem-region\""),
            .init(name: "reg", value: cells(of: [region])),
            .init(name: "numa-node-id", value: "<0>"),
          ]))
    }
  }

  private static func isOf(_ node: DeviceTreeText.Node, type: String) -> Bool {
    node.value(of: "device_type") == "\"\(type)\""
  }

  /// Bases and sizes as cells of 32 bits, the upper half first.
  private static func cells(of extents: [ConfirmCase.Extent]) -> String {
    let cells = extents.flatMap { [$0.base, $0.size] }.map { number in
      "0x\(String(number >> 32, radix: 16)) 0x\(String(number & 0xffff_ffff, radix: 16))"
    }
    return "<\(cells.joined(separator: " "))>"
  }

  private static func unlike(_ what: String) -> Failure {
    Failure(
      .incomplete, "the machine's device tree is not as expected: \(what)",
      advice: "use QEMU 7.2 or later")
  }
}
