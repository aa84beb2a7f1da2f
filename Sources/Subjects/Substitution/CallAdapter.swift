// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Lets text of one era call a function with the signature of another: a macro passes the arguments by role.
/// If the caller has no argument for a role, the macro passes the value that the caller's era implied.
struct CallAdapter {
  private let function: KernelFunction
  /// The roles of the callers' arguments, in order.
  private let given: [String]
  /// The roles of the function's parameters, in order.
  private let taken: [String]

  /// Nil if a parameter of either signature has no role.
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

  /// Whether both signatures have the same roles.
  var isNeedless: Bool { given == taken }

  /// The macro with the function's name that calls `target`; nil if an argument is not available.
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
