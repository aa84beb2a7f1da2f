// SPDX-License-Identifier: GPL-2.0-only

import Execution
import HotplugPort
import MachineModel
import Oracle
import Reporting
import Scenarios

extension ReplayRun {
  /// A case as a KUnit test for a kernel tree. No subject is needed: right is what the port does.
  public static func kunit(
    _ scenario: Scenario, against: UpstreamFixes
  ) throws(PipelineError) -> String {
    let reference = HotplugPort(fixes: against).observe(try lowered(scenario))
    do {
      return try KUnitText(
        scenario, reference: reference, against: TextRenderer.name(of: against)
      ).text
    } catch {
      throw PipelineError(
        .usage, "case \(scenario.id) is no KUnit test: \(error.reason); take --format c")
    }
  }

  /// A case as steps for a virtual machine.
  public static func virtualMachine(
    _ scenario: Scenario, against: UpstreamFixes
  ) throws(PipelineError) -> String {
    let image = try lowered(scenario)
    let violations = Oracle.violations(image, HotplugPort(fixes: against).steps(image))
    do {
      return try VirtualMachineSteps(
        scenario, hazards: Set(violations.compactMap(\.hazard)).sorted()
      ).text
    } catch {
      throw PipelineError(
        .usage,
        "case \(scenario.id) cannot be reached from user space: \(error.reason); take --format c")
    }
  }

  private static func lowered(_ scenario: Scenario) throws(PipelineError) -> MachineImage {
    do {
      return try scenario.lowered()
    } catch {
      throw PipelineError(.unreadable, "case \(scenario.id): \(error)")
    }
  }
}
