// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Testing

@testable import Lab

@Suite("A machine's device tree")
struct DeviceTreeTests {
  /// Output of dtc: a machine with two processors, one range of memory, and values that look like syntax.
  static let machine = """
    /dts-v1/;
    /memreserve/	0x0000000000000000 0x0000000000001000;

    / {
    	#address-cells = <0x02>;
    	#size-cells = <0x02>;
    	compatible = "riscv-virtio";
    	model = "a = b; c {";

    	memory@80000000 {
    		device_type = "memory";
    		reg = <0x00 0x80000000 0x01 0x00>;
    	};

    	cpus {
    		#address-cells = <0x01>;

    		cpu@0 {
    			device_type = "cpu";
    			mmu-type = "riscv,sv48";

    			interrupt-controller {
    				interrupt-controller;
    			};
    		};

    		cpu@1 {
    			device_type = "cpu";
    		};

    		cpu-map {
    		};
    	};
    };

    """

  @Test("is printed as it was read, except for empty lines")
  func unchanged() throws {
    let tree = try DeviceTreeText(Self.machine)
    let lines = Self.machine.split(separator: "\n").joined(separator: "\n") + "\n"
    #expect(tree.text == lines)
    #expect(tree.root.value(of: "model") == "\"a = b; c {\"")
    #expect(tree.root.children[1].children.map(\.name) == ["cpu@0", "cpu@1", "cpu-map"])
  }

  @Test("has the memory that it boots with, and a device for the withheld memory")
  func memory() throws {
    var tree = try DeviceTreeText(Self.machine)
    try GuestDeviceTree.edit(
      &tree,
      boot: [
        .init(base: 0x8000_0000, size: 0x4000_0000), .init(base: 0x1_8000_0000, size: 0x800_0000),
      ],
      regions: [.init(base: 0x8c_1000_0000, size: 0x1_2000_0000)], mode: "sv57")
    let memory = tree.root.children[0]
    #expect(
      memory.value(of: "reg") == "<0x0 0x80000000 0x0 0x40000000 0x1 0x80000000 0x0 0x8000000>")
    let device = try #require(tree.root.children.last)
    #expect(device.name == "pmem@8c10000000")
    #expect(device.value(of: "compatible") == "\"pmem-region\"")
    #expect(device.value(of: "reg") == "<0x8c 0x10000000 0x1 0x20000000>")
  }

  @Test("has all processors, memory and devices in node 0, and processors of the mode asked for")
  func nodes() throws {
    var tree = try DeviceTreeText(Self.machine)
    try GuestDeviceTree.edit(
      &tree, boot: [.init(base: 0x8000_0000, size: 0x4000_0000)],
      regions: [.init(base: 0x1_0000_0000, size: 0x1000_0000)], mode: "sv39")
    let cpus = tree.root.children[1].children
    #expect(cpus.map { $0.value(of: "numa-node-id") } == ["<0>", "<0>", nil])
    #expect(cpus.map { $0.value(of: "mmu-type") } == ["\"riscv,sv39\"", "\"riscv,sv39\"", nil])
    #expect(tree.root.children[0].value(of: "numa-node-id") == "<0>")
    #expect(tree.root.children.last?.value(of: "numa-node-id") == "<0>")
    #expect(try DeviceTreeText(tree.text) == tree)
  }

  @Test(
    "in a form that dtc does not print is refused with the line's number",
    arguments: [
      ("/dts-v1/;\n/ {\n\tlabel: node {\n\t};\n};\n", "line 3"),
      ("/dts-v1/;\n/ {\n\treg = <0x00\n\t\t0x01>;\n};\n", "line 3"),
      ("/dts-v1/;\n/ {\n\ta;\n", "line 4"),
      ("/dts-v1/;\n/ {\n};\n/ {\n};\n", "line 4"),
      ("/dts-v1/;\n/include/ \"/etc/passwd\"\n/ {\n};\n", "line 2"),
      ("", "line 1"),
      (String(repeating: "/ {\n", count: 1) + String(repeating: "a {\n", count: 100), "line 33"),
    ] as [(String, String)])
  func refused(text: String, line: String) {
    #expect {
      try DeviceTreeText(text)
    } throws: { error in
      (error as? Failure)?.message.hasPrefix("\(line) of the machine's device tree") == true
    }
  }

  @Test(
    "without 64-bit addresses, processors or a single memory node is refused",
    arguments: [
      ("#address-cells = <0x02>", "#address-cells = <0x01>"), ("cpus {", "processors {"),
      ("\"memory\"", "\"ram\""),
    ] as [(String, String)])
  func unlike(part: String, other: String) throws {
    var tree = try DeviceTreeText(Self.machine.replacing(part, with: other))
    #expect(throws: Failure.self) {
      try GuestDeviceTree.edit(&tree, boot: [], regions: [], mode: "sv39")
    }
  }
}
