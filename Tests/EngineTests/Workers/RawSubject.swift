// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport

/// A shared object made for one test from C that no extractor has seen; it is deleted with this value.
///
/// Like a subject it has a table of entry points, and its `call` does what the test wants. Like a subject it
/// links no library; `system_call(SYS_..., ...)` calls the kernel directly.
final class RawSubject: Sendable {
  /// The package's folder.
  static let root = Repository.root

  private let folder: URL
  /// The path of the shared object.
  let path: String

  /// The compiler refused the test's C code.
  struct Refused: Error {
    var diagnostics: String
  }

  /// Compiles a subject whose `call` has this body (`op` is the operation, `machine` the machine), with
  /// `extra` before it and `members` added to its table of entry points.
  init(
    body: String, extra: String = "", present: String = "(1 << MHP_FUNCTIONS) - 1",
    members: String = ""
  ) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mhp-raw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "subject.so").path
    let source = folder.appending(path: "subject.c")
    try """
    #include "\(Self.root.path)/CKernelShim/stubs/mhp/abi.h"
    #include <sys/syscall.h>
    \(Self.systemCall)
    static struct mhp_machine *machine;
    \(extra)
    static void bind(struct mhp_machine *m) { machine = m; }
    static void call(const struct mhp_operation *op) { (void)op; \(body) }
    __attribute__((visibility("default"))) const struct mhp_subject mhp_subject = {
      .abi_version = MHP_ABI_VERSION, .index_bits = 9, .present = \(present),
      .bind = bind, .call = call, \(members)
    };
    """.write(to: source, atomically: false, encoding: .utf8)
    let outcome = try await Subprocess.run(
      .name("cc"), arguments: ["-shared", "-fPIC", "-nostdlib", "-O1", "-o", path, source.path],
      output: .discarded, error: .string(limit: 1 << 16))
    guard outcome.terminationStatus.isSuccess else {
      throw Refused(diagnostics: outcome.standardError)
    }
  }

  /// System calls with up to six arguments; missing ones are 0.
  private static let systemCall = """
    static __attribute__((unused)) long make_call(
      long number, long a, long b, long c, long d, long e, long f)
    {
    #if defined(__x86_64__)
      register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
      long result;
      __asm__ volatile("syscall" : "=a"(result)
        : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
        : "rcx", "r11", "memory");
      return result;
    #elif defined(__aarch64__)
      register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b;
      register long x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e;
      register long x5 __asm__("x5") = f;
      __asm__ volatile("svc 0" : "+r"(x0)
        : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
      return x0;
    #endif
    }
    #define with_rest(n, a, b, c, d, e, f, ...) \\
      make_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
    #define system_call(...) with_rest(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
    """

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The program that starts workers: beside the test bundle or in the build folder.
  static var program: String {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let folders = [bundle, root.appending(path: ".build/debug")]
    return folders.map { $0.appending(path: "mhpcheck").path }
      .first(where: FileManager.default.isExecutableFile(atPath:)) ?? "mhpcheck"
  }
}
