// SPDX-License-Identifier: GPL-2.0-only

/// A made-up configuration and what a user asks of it, drawn from a seed. What a symbol depends on was
/// defined before it, so that nothing hangs on itself.
struct RandomConfiguration {
  private(set) var text = "config MODULES\n\tbool \"modules\"\n\tdefault y\n\toption modules\n\n"
  /// Wishes by name: 0, 1 or 2.
  private(set) var wishes: [(name: String, value: Int)] = []
  private var state: UInt64
  private var names: [String] = []

  init(seed: UInt64) {
    state = seed
    for number in 0..<50 {
      switch draw(10) {
      case 0: choice(number)
      case 1: block(number, opening: "if \(expression(2))", closing: "endif")
      case 2:
        block(
          number, opening: "menu \"m\"\n\tdepends on \(expression(1))", closing: "endmenu")
      default: entry("S\(number)", isMember: false)
      }
    }
    for name in names where draw(3) == 0 && !name.hasPrefix("C") {
      wishes.append((name, draw(3)))
    }
  }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private mutating func draw(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return Int((word ^ word >> 31) % UInt64(bound))
  }

  private mutating func some() -> String {
    let constants = ["y", "n", "m", "UNDEFINED"]
    if names.isEmpty || draw(8) == 0 { return constants[draw(constants.count)] }
    return names[draw(names.count)]
  }

  private mutating func expression(_ depth: Int) -> String {
    switch depth == 0 ? 9 : draw(6) {
    case 0: return "\(expression(depth - 1)) && \(expression(depth - 1))"
    case 1: return "\(expression(depth - 1)) || \(expression(depth - 1))"
    case 2: return "!(\(expression(depth - 1)))"
    case 3: return "\(some()) \(["=", "!=", "<", ">="][draw(4)]) \(["y", "m", "n"][draw(3)])"
    default: return some()
    }
  }

  private mutating func condition() -> String { draw(2) == 0 ? "" : " if \(expression(2))" }

  private mutating func entry(_ name: String, isMember: Bool) {
    let type = isMember || draw(2) == 0 ? "bool" : "tristate"
    var lines = ["config \(name)"]
    let hasPrompt = isMember || draw(2) == 0
    lines.append("\t\(type)" + (hasPrompt ? " \"\(name)\"\(condition())" : ""))
    if draw(3) == 0 { lines.append("\tdepends on \(expression(2))") }
    if !isMember {
      for _ in 0..<draw(3) { lines.append("\tdefault \(expression(1))\(condition())") }
      // Of what is defined later nothing is known yet: it may be selected, not asked.
      for _ in 0..<draw(3) {
        let later = "S\(40 + draw(10))"
        let isLater = (Int(name.dropFirst()) ?? 99) < 40
        if isLater { lines.append("\t\(draw(3) == 0 ? "imply" : "select") \(later)\(condition())") }
      }
    }
    text += lines.joined(separator: "\n") + "\n\n"
    names.append(name)
  }

  private mutating func block(_ number: Int, opening: String, closing: String) {
    text += opening + "\n\n"
    entry("S\(number)", isMember: false)
    text += closing + "\n\n"
  }

  private mutating func choice(_ number: Int) {
    let members = (0..<3).map { "C\(number)_\($0)" }
    text += "choice\n\tprompt \"c\"\(condition())\n"
    if draw(2) == 0 { text += "\tdefault \(members[draw(3)])\(condition())\n" }
    if draw(3) == 0 { text += "\tdepends on \(expression(1))\n" }
    text += "\n"
    let known = names
    for member in members {
      entry(member, isMember: true)
      // Members may hang on what stands before the choice, not on one another.
      names = known
    }
    text += "endchoice\n\n"
    names += members
    if draw(2) == 0 { wishes.append((members[draw(3)], 2)) }
  }
}
