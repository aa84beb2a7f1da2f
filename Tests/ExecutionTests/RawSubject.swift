// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess

/// A shared object made for one test from C that no extractor has seen, and gone with it.
///
/// It has the table of entry points that subjects have, and does in `call` what the test wants.
final class RawSubject: Sendable {
  /// The package's folder.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private let folder: URL
  /// The shared object.
  let path: String

  /// The compiler did not take the test's C.
  struct Refused: Error {
    var diagnostics: String
  }

  /// Compiles a subject whose `call` has this body (`op` is the operation, `machine` the machine), with
  /// `extra` before it.
  init(body: String, extra: String = "", present: String = "(1 << MHP_FUNCTIONS) - 1") async throws
  {
    folder = FileManager.default.temporaryDirectory.appending(path: "mhp-raw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "subject.so").path
    let source = folder.appending(path: "subject.c")
    try """
    #include "\(Self.root.path)/CKernelShim/stubs/mhp/abi.h"
    #include <stdlib.h>
    #include <unistd.h>
    static struct mhp_machine *machine;
    \(extra)
    static void bind(struct mhp_machine *m) { machine = m; }
    static void call(const struct mhp_operation *op) { (void)op; \(body) }
    __attribute__((visibility("default"))) const struct mhp_subject mhp_subject = {
      .abi_version = MHP_ABI_VERSION, .index_bits = 9, .present = \(present),
      .bind = bind, .call = call,
    };
    """.write(to: source, atomically: false, encoding: .utf8)
    let outcome = try await Subprocess.run(
      .name("cc"), arguments: ["-shared", "-fPIC", "-O1", "-o", path, source.path],
      output: .discarded, error: .string(limit: 1 << 16))
    guard outcome.terminationStatus.isSuccess else {
      throw Refused(diagnostics: outcome.standardError)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The program that workers are started from: beside the test bundle or in the build folder.
  static var program: String {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let folders = [bundle, root.appending(path: ".build/debug")]
    return folders.map { $0.appending(path: "mhpcheck").path }
      .first(where: FileManager.default.isExecutableFile(atPath:)) ?? "mhpcheck"
  }
}
