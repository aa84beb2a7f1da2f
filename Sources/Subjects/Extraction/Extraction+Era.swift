// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

extension Extraction {
  /// What the text shows of its era: kernels from 6.16 on run constructors for tables of PUDs and P4Ds,
  /// too, and name them where they allocate the table.
  public var era: KernelOptions {
    var era: KernelOptions = []
    if text(of: .allocPudLate).contains("pagetable_pud_ctor") { era.insert(.pudConstructor) }
    if text(of: .allocP4dLate).contains("pagetable_p4d_ctor") { era.insert(.p4dConstructor) }
    return era
  }

  private func text(of function: SurfaceFunction) -> String {
    spans.filter { $0.name == function.name }
      .map { String(decoding: Array(unit.utf8)[$0.unitRange], as: UTF8.self) }.joined()
  }
}
