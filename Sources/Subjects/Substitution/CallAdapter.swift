// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Lets text of one era call a function as another has it: a macro that passes what the function takes,
/// by role, and for what the caller has no word for, what that era's function did.
struct CallAdapter {
  private let function: KernelFunction
  /// The roles that callers hand over, in order.
  private let given: [String]
  /// The roles that the function takes.
  private let taken: [String]

  /// Nil when a parameter of either has no role.
  init?(_ function: KernelFunction, given: [Parameter], taken: [Parameter]) {
    guard let first = Self.roles(given, of: function), let second = Self.roles(taken, of: function)
    else { return nil }
    self.function = function
    self.given = first
    self.taken = second
  }

  private static func roles(_ parameters: [Parameter], of function: KernelFunction) -> [String]? {
    let roles = CallRoles(function: function)
    var found: [String] = []
    for parameter in parameters {
      guard let role = roles.role(of: parameter, after: found) else { return nil }
      found.append(role)
    }
    return found
  }

  /// Whether callers hand over what is taken.
  var isNeedless: Bool { given == taken }

  /// The macro under the function's name that calls `target`; nil when something is not to be had.
  func macro(calling target: String) -> String? {
    var passed: [String] = []
    for role in taken {
      guard let argument = argument(role) else { return nil }
      passed.append(argument)
    }
    let names = given.indices.map { "mhp_\($0)" }
    return "#define \(function.name)(\(names.joined(separator: ", "))) "
      + "\(target)(\(passed.joined(separator: ", ")))"
  }

  private func argument(_ role: String) -> String? {
    func handed(_ role: String) -> String? { given.firstIndex(of: role).map { "(mhp_\($0))" } }
    if let place = handed(role) { return place }
    switch role {
    case "MHP_IS_VMEMMAP": return "false"
    case "MHP_ALTMAP", "MHP_PGMAP", "MHP_PROTECTION_POINTER": return "NULL"
    case "MHP_NODE": return "0"
    case "MHP_END":
      guard let start = handed("MHP_START"), let size = handed("MHP_SIZE") else { return nil }
      return "(\(start) + \(size))"
    case "MHP_SIZE":
      guard let start = handed("MHP_START"), let end = handed("MHP_END") else { return nil }
      return "(\(end) - \(start))"
    case "MHP_START" where function == .bestMapSize:
      return handed("MHP_PHYSICAL").map { "(uintptr_t)__va(\($0))" }
    default: return nil
    }
  }
}
