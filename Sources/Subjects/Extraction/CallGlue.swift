// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Writes the macro through which `mhp/dispatch.h` calls a function of the surface, with one argument for
/// each parameter of the subject's own signature.
struct CallGlue {
  private let text: SplicedText
  private let function: KernelFunction

  private let callRoles: CallRoles

  init(_ text: SplicedText, _ function: KernelFunction) {
    self.text = text
    self.function = function
    callRoles = CallRoles(function: function)
  }

  /// The glue for a definition, line by line.
  ///
  /// - Throws: for a parameter that no era's signature has, and for a signature that lacks a parameter of
  ///   every era's signature.
  func lines(for item: SourceItem) throws(Failure) -> [String] {
    guard item.hasDirectiveInHeader, let headers = ConditionalHeaders(text, item) else {
      let header = item.range.lowerBound..<(item.body ?? item.range.upperBound)
      return try lines(CLexer.tokens(text, header), item)
    }
    var lines: [String] = []
    for branch in headers.branches {
      lines.append(branch.directive)
      lines += try self.lines(branch.header, item)
    }
    return lines + ["#endif"]
  }

  /// A parameter whose unit the definition does not show. A direct call could only guess, so there is no
  /// glue: the function is judged through its callers.
  func parameterLeftOpen(by item: SourceItem) -> Parameter? {
    guard !item.hasDirectiveInHeader else { return nil }
    let header = item.range.lowerBound..<(item.body ?? item.range.upperBound)
    return parameters(CLexer.tokens(text, header)).first(where: callRoles.leavesOpen)
  }

  private func parameters(_ tokens: [CToken]) -> [Parameter] {
    let list = DeclarationReader(text, tokens).header()?.parameters ?? []
    let parameters = Parameter.split(list).map { Parameter(text, $0) }
    return parameters.count == 1 && parameters[0].isVoid ? [] : parameters
  }

  private func lines(_ tokens: [CToken], _ item: SourceItem) throws(Failure) -> [String] {
    let parameters = parameters(tokens)
    var roles: [String] = []
    var arguments: [String] = []
    for parameter in parameters {
      guard let role = callRoles.role(of: parameter, after: roles) else {
        throw Failure(
          .unreadable,
          "\(text.location(parameter.offset)): \(function.name) has a parameter "
            + "'\(parameter.spelling)' that no known version of it has",
          advice: "give it the parameters of commit c75a74f4ba19 or of a later kernel")
      }
      roles.append(role)
      let needsType = ["MHP_TABLE", "MHP_BASE", "MHP_PARENT"].contains(role)
      arguments.append(needsType ? "\(role)(\(parameter.type), op)" : "\(role)(op)")
    }
    if let missing = callRoles.required.first(where: { !roles.contains($0.role) }) {
      throw Failure(
        .unreadable,
        "\(text.location(item.range.lowerBound)): \(function.name) has no parameter "
          + "for \(missing.meaning)",
        advice: "give it the parameters of commit c75a74f4ba19 or of a later kernel")
    }
    // Call through a pointer taken here, because the text may redefine the name further down.
    let entry = "mhp_entry_\(function.name)"
    var lines = [
      "#define MHP_HAVE_\(function.name) 1",
      "static __typeof__(\(function.name)) *const \(entry) = \(function.name);",
      "#define MHP_CALL_\(function.name)(op) \(entry)(\(arguments.joined(separator: ", ")))",
    ]
    if function == .archRemoveMemory, !roles.contains("MHP_PGMAP") {
      lines.append("#define MHP_NO_PGMAP_PARAMETER 1")
    }
    return lines
  }
}
