// SPDX-License-Identifier: GPL-2.0-only

/// The cases that running kernels are asked to do.
public enum ConfirmCases {
  /// All of them, in the order in which they are run and listed.
  public static let all: [ConfirmCase] = [
    ConfirmCase(
      id: "linear/one-gib-aligned",
      purpose:
        "1 GiB at a 1 GiB boundary is one leaf of the linear map where the mode has such leaves.",
      modes: nil, isShort: true,
      boot: [.init(base: 0x8000_0000, size: 0x4000_0000)],
      regions: [.init(base: 0x1_4000_0000, size: 0x4000_0000)],
      driver: .init(kind: .raw), steps: [.init(.add, region: 0), .init(.remove, region: 0)],
      compare: ConfirmCase.Aspect.allCases),
    ConfirmCase(
      id: "counters/thirty-cycles",
      purpose: "Thirty cycles of adding and removing move no counter but by known hazards.",
      modes: ["sv57"], isShort: false,
      boot: [.init(base: 0x8000_0000, size: 0x4000_0000)],
      regions: [.init(base: 0x1_1000_0000, size: 0x2000_0000)],
      driver: .init(kind: .raw), steps: [.init(.cycle, region: 0, times: 30)],
      compare: [.tables, .counters, .outcome]),
  ]
}
