// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports

/// The choice of the kernel on the command line, and helpers for case names.
struct ConfirmChoice: ParsableArguments {
  @Option(
    name: .customLong("kernel"),
    help: ArgumentHelp(
      "Debian's kernel of a suite (default: debian:trixie).", valueName: "debian:suite"))
  var packaged: String?

  @Option(
    help: ArgumentHelp("A kernel that you built: its image.", valueName: "file"),
    completion: .file())
  var image: String?

  @Option(
    help: ArgumentHelp(
      "The folder of that kernel's modules, as make modules_install makes it.", valueName: "folder"),
    completion: .directory)
  var modules: String?

  mutating func validate() throws {
    if packaged != nil, image != nil || modules != nil {
      throw ValidationError("--kernel and --image name a kernel each; leave one out")
    }
    guard (image == nil) == (modules == nil) else {
      throw ValidationError(
        "--image FILE and --modules FOLDER go together, as a kernel's modules fit no other")
    }
    if let packaged, Self.suite(of: packaged) == nil {
      throw ValidationError(
        "\(SafeText.line(packaged)) is not debian:SUITE, e.g. debian:trixie; a kernel that you "
          + "built is named with --image FILE --modules FOLDER")
    }
  }

  var kernel: GuestKernel {
    if let image, let modules { return .image(path: image, modules: modules) }
    return .debian(suite: packaged.flatMap { Self.suite(of: $0) } ?? "trixie")
  }

  /// "trixie" for "debian:trixie"; nil if the name is no suite. The suite goes into apt's configuration and
  /// into URLs, so it allows only few characters.
  static func suite(of name: String) -> String? {
    guard name.hasPrefix("debian:") else { return nil }
    let suite = name.dropFirst("debian:".count)
    let isName = suite.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    guard isName, (1...40).contains(suite.count), suite.first?.isLetter ?? false else { return nil }
    return String(suite)
  }

  /// Throws for an id that no case has.
  static func check(cases: [String]) throws {
    let known = ConfirmCases.all.map(\.id)
    guard let unknown = cases.first(where: { !known.contains($0) }) else { return }
    let nearest = Explanations.nearest(to: unknown, among: known).list
    throw ValidationError(
      "there is no case \(SafeText.line(unknown)); the nearest are \(nearest); "
        + "mhpcheck confirm --list lists all")
  }

  /// One line per case: id, modes, purpose.
  static func list(_ turns: [ConfirmRequest.Turn]) -> String {
    var lines: [String] = []
    var rest = turns[...]
    while let first = rest.first?.confirmCase {
      let modes = rest.prefix { $0.confirmCase.id == first.id }.map(\.mode.name)
      rest = rest.dropFirst(modes.count)
      lines.append("\(first.id)  \(modes.joined(separator: " "))  \(first.purpose)\n")
    }
    return lines.joined()
  }
}
