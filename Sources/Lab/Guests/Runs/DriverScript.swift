// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// The shell commands by which a driver in a guest adds and removes a case's regions. Region `n` is the `n`th
/// device of the nvdimm bus.
///
/// The commands contain no untrusted text: a case is checked (`ConfirmCase.flaw`) and has numbers alone.
struct DriverScript {
  let confirmCase: ConfirmCase

  private var driver: ConfirmCase.Driver { confirmCase.driver }
  private static let nvdimm = "/sys/bus/nd"
  private static let dax = "/sys/bus/dax"

  /// The kernel parameters for a case.
  static func kernelArguments(for confirmCase: ConfirmCase) -> [String] {
    // Newer kernels bring memory online by themselves.
    ["memhp_default_state=offline", "nokaslr", "rcutree.enable_rcu_lazy=0"]
      + (confirmCase.driver.memmapOnMemory == true ? ["memory_hotplug.memmap_on_memory=1"] : [])
  }

  /// Loads the drivers so that they bind no device by themselves. Regions appear some time after their driver
  /// was loaded.
  var loading: String {
    let last = confirmCase.regions.count - 1
    let user = driver.kind == .kmem ? "kmem" : "device_dax"
    return """
      load libnvdimm nd_btt of_pmem
      for turn in $(seq 100); do
        [ -e \(Self.nvdimm)/devices/namespace\(last).0 ] && break
        sleep 0.05
      done
      echo 0 > \(Self.nvdimm)/drivers_autoprobe
      load nd_pmem dax_pmem \(user)
      """
  }

  /// Prepares the device of a region for binding.
  func preparation(of region: Int) -> String {
    let device: String
    switch driver.kind {
    case .raw: return ":"
    case .fsdax: device = "pfn\(region).0"
    case .devdax, .kmem: device = "dax\(region).0"
    }
    let settings = """
      cd \(Self.nvdimm)/devices/\(device)
      echo \(driver.memmap?.rawValue ?? "ram") > mode
      echo \(driver.align ?? 4096) > align
      echo \(Self.uuid(region)) > uuid
      echo namespace\(region).0 > namespace
      """
    guard driver.kind == .kmem else { return settings }
    let onMemory = driver.memmapOnMemory == true ? 1 : 0
    return """
      \(settings)
      echo \(device) > \(Self.nvdimm)/drivers/dax_pmem/bind
      echo \(onMemory) > \(Self.dax)/devices/\(device)/memmap_on_memory
      """
  }

  /// Adds or removes a region.
  func action(_ action: ConfirmCase.Action, region: Int, times: Int) -> String {
    switch action {
    case .add: addition(of: region)
    case .remove: removal(of: region)
    case .cycle:
      """
      for turn in $(seq \(times)); do
      \(addition(of: region))
      \(removal(of: region))
      done
      """
    }
  }

  /// The folder of a region's device; it has a link `driver` while the device is bound.
  func boundDevice(of region: Int) -> String {
    switch driver.kind {
    case .raw: "\(Self.nvdimm)/devices/namespace\(region).0"
    case .fsdax: "\(Self.nvdimm)/devices/pfn\(region).0"
    case .devdax, .kmem: "\(Self.dax)/devices/dax\(region).0"
    }
  }

  private func addition(of region: Int) -> String {
    switch driver.kind {
    case .raw: "echo namespace\(region).0 > \(Self.nvdimm)/drivers/nd_pmem/bind"
    case .fsdax: "echo pfn\(region).0 > \(Self.nvdimm)/drivers/nd_pmem/bind"
    case .devdax: "echo dax\(region).0 > \(Self.nvdimm)/drivers/dax_pmem/bind"
    case .kmem:
      // The first time, `new_id` adds the device to the driver's list, which also binds it.
      """
      if [ -e /tmp/known\(region) ]; then
        echo dax\(region).0 > \(Self.dax)/drivers/kmem/bind
      else
        touch /tmp/known\(region)
        echo dax\(region).0 > \(Self.dax)/drivers/kmem/new_id
      fi
      \(driver.online == true ? blocks(of: region, state: "online_movable") : ":")
      """
    }
  }

  private func removal(of region: Int) -> String {
    switch driver.kind {
    case .raw: "echo namespace\(region).0 > \(Self.nvdimm)/drivers/nd_pmem/unbind"
    case .fsdax: "echo pfn\(region).0 > \(Self.nvdimm)/drivers/nd_pmem/unbind"
    case .devdax: "echo dax\(region).0 > \(Self.nvdimm)/drivers/dax_pmem/unbind"
    case .kmem:
      """
      \(driver.online == true ? blocks(of: region, state: "offline") : ":")
      echo dax\(region).0 > \(Self.dax)/drivers/kmem/unbind
      """
    }
  }

  /// Sets the state of a region's memory blocks, as far as they exist.
  private func blocks(of region: Int, state: String) -> String {
    let extent = confirmCase.regions[region]
    let shift = SectionState.pagesShift + AddressLayout.pageShift
    return """
      for block in $(seq \(extent.base >> shift) \((extent.end - 1) >> shift)); do
        [ -e /sys/devices/system/memory/memory$block ] &&
          echo \(state) > /sys/devices/system/memory/memory$block/state
      done
      """
  }

  private static func uuid(_ region: Int) -> String {
    let last = String(0xa0 + region, radix: 16)
    return "6f7e9a4e-1c1b-4f1e-9d3d-0123456789\(last)"
  }
}
