// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subprocess
import Testing

@testable import Subjects

@Suite("Sections of object files")
struct ElfObjectTests {
  /// A small file with the kernel's sections: one reference from code that stays to each kind of freed
  /// object, and valid references.
  private static let source = """
    #define __init __attribute__((section(".init.text"), noinline))
    #define __initdata __attribute__((section(".init.data")))
    #define __noinline __attribute__((noinline))
    int table __initdata = 1;
    int other = 2;
    int __init early(int x) { return x + table; }
    __noinline int stays(int x) { return x + other; }
    int good(int x) { return stays(x); }
    int bad_call(int x) { return early(x) + 1; }
    int bad_data(void) { return table; }
    int __init also_early(int x) { return early(x) + stays(x); }
    """

  /// The object that a compiler makes of it; nil, with a printed line, where there is no compiler.
  private static let object = Task { () -> [UInt8]? in
    let path = FileManager.default.temporaryDirectory
      .appending(path: "mhpcheck-elf-\(UUID().uuidString).o").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for compiler in ["clang", "gcc", "cc"] {
      let result = try? await Subprocess.run(
        .name(compiler),
        arguments: ["-x", "c", "-O1", "-fno-inline", "-fPIC", "-c", "-o", path, "-"],
        input: .string(source), output: .discarded, error: .string(limit: 1 << 16))
      if result?.terminationStatus.isSuccess == true,
        let data = FileManager.default.contents(atPath: path)
      {
        return [UInt8](data)
      }
    }
    print("SKIPPED: no compiler makes an object file to read")
    return nil
  }

  @Test("References from kept code to freed sections are found, and no others")
  func mismatches() async throws {
    guard let bytes = await Self.object.value else { return }
    let found = try SectionMismatch.all(inObject: bytes)
    let pairs = found.map { "\($0.from) > \($0.to) \($0.section)" }
    #expect(
      pairs == ["bad_call > early .init.text", "bad_data > table .init.data"], "\(pairs)")
  }

  @Test("A truncated object is refused or read, without a crash")
  func truncated() async throws {
    guard let bytes = await Self.object.value else { return }
    for length in 0..<bytes.count {
      do {
        _ = try SectionMismatch.all(inObject: Array(bytes.prefix(length)))
      } catch {
        #expect(error.message.hasPrefix("the compiler's object file cannot be read: "))
        #expect(!error.message.contains("\n"))
      }
    }
  }

  @Test("An object with any byte changed is refused or read, without a crash")
  func damaged() async throws {
    guard let bytes = await Self.object.value else { return }
    for index in bytes.indices {
      for value: UInt8 in [0, 0x7f, 0xff] {
        var changed = bytes
        changed[index] = value
        _ = try? SectionMismatch.all(inObject: changed)
      }
    }
  }

  @Test("Garbage is no object", arguments: [[], [0x7f], Array("not an object".utf8)])
  func garbage(bytes: [UInt8]) {
    let error = #expect(throws: Failure.self) {
      _ = try SectionMismatch.all(inObject: bytes)
    }
    #expect(error?.message.hasSuffix("not a relocatable ELF64 object") == true)
  }
}
