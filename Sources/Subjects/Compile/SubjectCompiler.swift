// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Synchronization

/// Compiles extracted subjects into shared objects that a worker can load.
///
/// The flags that change meaning are the kernel's (`-fno-strict-aliasing`, `-fwrapv`,
/// `-fno-delete-null-pointer-checks`: the top Makefile). Undefined behaviour traps if the kernel itself would
/// call it a bug. The host stays invisible: no headers and no library, so that a symbol that neither the
/// subject nor the stub headers define is an error here.
public struct SubjectCompiler: Sendable {
  let stubs: String
  private let compiler: String?
  private let configuration: [String]
  private let defined: Set<String>
  private let undefined: Set<String>
  private let process: CompilerProcess
  private var fill = StackFill.pattern
  private let found = FoundCompiler()

  /// - Parameters:
  ///   - stubs: the folder of the stub headers.
  ///   - compiler: name or path of a clang or gcc; nil searches for one.
  ///   - defines: "NAME" or "NAME=VALUE", over the default configuration.
  ///   - undefines: names that stay undefined; they override `defines` and the configuration.
  ///   - searchPath: folders to search for programs; nil is PATH.
  ///   - limit: limit of the compiler's wall-clock time.
  public init(
    stubs: String, compiler: String? = nil, defines: [String] = [], undefines: [String] = [],
    searchPath: [String]? = nil, limit: Duration = .seconds(300)
  ) {
    self.stubs = stubs
    self.compiler = compiler
    let symbols = KernelConfiguration.symbols(with: defines)
    configuration =
      symbols.map { "-D\($0.name)=\($0.value)" }
      + defines.map { "-U\($0.prefix { $0 != "=" && $0 != "(" })" } + defines.map { "-D\($0)" }
      + undefines.map { "-U\($0)" }
    defined = Set(symbols.map(\.name) + defines.map { String($0.prefix { $0 != "=" }) })
      .subtracting(undefines)
    undefined = Set(undefines)
    process = CompilerProcess(searchPath: searchPath, limit: limit)
  }

  /// The same compiler, with another value in variables that a text does not set.
  public func filling(_ fill: StackFill) -> SubjectCompiler {
    var other = self
    other.fill = fill
    return other
  }

  /// Whether the configuration defines a symbol.
  public func isDefined(_ symbol: String) -> Bool { defined.contains(symbol) }

  /// Whether the configuration or the user says what a symbol is, or a kernel with memory hotplug cannot set it.
  public func isDecided(_ symbol: String) -> Bool {
    defined.contains(symbol) || undefined.contains(symbol)
      || KernelConfiguration.isImpossible(symbol)
  }

  /// Functions that the compiler may call for copies and fills of structures, although the text does not
  /// define them. The loops use volatile bytes; the compiler would turn others into calls again.
  private static let memory = """
    #line 1 "mhpcheck-memory"
    #undef memset
    __attribute__((weak, visibility("hidden")))
    void *memset(void *to, int byte, __SIZE_TYPE__ size)
    {
    \tvolatile unsigned char *at = to;

    \twhile (size--)
    \t\t*at++ = (unsigned char)byte;
    \treturn to;
    }
    __attribute__((weak, visibility("hidden")))
    void *memmove(void *to, const void *from, __SIZE_TYPE__ size)
    {
    \tvolatile unsigned char *at = to;
    \tconst volatile unsigned char *source = from;

    \tif (at <= source) {
    \t\twhile (size--)
    \t\t\t*at++ = *source++;
    \t} else {
    \t\twhile (size--)
    \t\t\tat[size] = source[size];
    \t}
    \treturn to;
    }
    __attribute__((weak, visibility("hidden")))
    void *memcpy(void *to, const void *from, __SIZE_TYPE__ size)
    {
    \treturn memmove(to, from, size);
    }
    __attribute__((weak, visibility("hidden")))
    int memcmp(const void *one, const void *other, __SIZE_TYPE__ size)
    {
    \tconst volatile unsigned char *left = one;
    \tconst volatile unsigned char *right = other;

    \tfor (; size--; left++, right++) {
    \t\tint difference = *left - *right;

    \t\tif (difference)
    \t\t\treturn difference;
    \t}
    \treturn 0;
    }

    """

  private static let common =
    TargetMachine.options + [
      "-x", "c", "-std=gnu11", "-fno-strict-aliasing", "-fwrapv",
      "-fno-delete-null-pointer-checks", "-fno-stack-protector", "-fvisibility=hidden", "-fPIC",
      "-fno-asynchronous-unwind-tables",
      "-Werror=implicit-function-declaration",
      "-Werror=implicit-int", "-Werror=int-conversion", "-Werror=incompatible-pointer-types",
      "-nostdinc",
    ]

  /// Makes a shared object.
  private static let linking = ["-shared", "-nostdlib", "-Wl,-z,defs"]

  private static let traps = "shift,bounds,integer-divide-by-zero,unreachable,return,bool,vla-bound"

  private static let clang = [
    "-w", "-fsanitize=\(traps)", "-fsanitize-trap=all", "-fno-caret-diagnostics",
    "-fno-color-diagnostics", "-ferror-limit=20",
  ]

  /// Without -w, because gcc would then also hide the warnings that are errors here.
  private static let gcc = [
    "-fsanitize=\(traps)", "-fsanitize-undefined-trap-on-error", "-fno-diagnostics-show-caret",
    "-fdiagnostics-color=never", "-fmax-errors=20",
  ]

  /// Compiles an extraction for a geometry.
  ///
  /// - Parameters:
  ///   - indexBits: bits of an index at each level; 9 is real.
  ///   - folder: the existing folder for the shared object.
  ///   - name: the prefix of the shared object's name.
  ///   - isQuick: whether a short compilation matters more than a short run.
  ///   - keepsObject: whether to leave the object file that it is linked from beside it; it is the same shared object,
  ///     some hundredths of a second later.
  /// - Returns: the shared object's path.
  /// - Throws: the compiler's first error, with the user's file and line, and advice.
  public func compile(
    _ extraction: Extraction, indexBits: Int, into folder: String, named name: String = "subject",
    isQuick: Bool = false, keepsObject: Bool = false
  ) async throws(Failure) -> String {
    let (program, isClang) = try await foundCompiler()
    let output = "\(folder)/\(name)-\(indexBits).so"
    let object = Self.object(of: output)
    let headers = "\(output).headers"
    let assembled = "\(output).assembled"
    var arguments: [String] = TargetMachine.asRiscv64 + Self.common
    arguments += fill.options + Self.refusals
    // The kernel is always compiled with optimisation, and a text may ask.
    arguments += isQuick ? ["-O0", "-D__OPTIMIZE__=1"] : ["-O2"]
    arguments += isClang ? Self.clang : Self.gcc + ["-Wa,--MD,\(assembled)"]
    arguments += configuration
    arguments += ["-ffunction-sections", "-MD", "-MF", headers]
    arguments += ["-DMHP_INDEX_BITS=\(indexBits)", "-I", stubs]
    arguments += keepsObject ? ["-c", "-o", object, "-"] : Self.linking + ["-o", output, "-"]
    var outcome = try await process.run(
      program, arguments, folder: folder, input: extraction.unit + Self.memory)
    if keepsObject, outcome.isSuccess {
      outcome = try await process.run(
        program, Self.linking + ["-o", output, object], folder: folder)
    }
    guard outcome.isSuccess else {
      let missing = MissingDefinitions(compiler: self, extraction: extraction)
      let refusal = Self.refusal(in: outcome.errors)
      let advice: String? =
        if let refusal { refusal } else { await missing.advice(after: outcome.errors) }
      throw CompilerDiagnostics(outcome.errors, of: extraction, isDefined: isDefined)
        .error(advice: advice)
    }
    try FilesRead(rulesAt: isClang ? [headers] : [headers, assembled])
      .check(within: [stubs, folder])
    return output
  }

  /// The path of the object file that a shared object is linked from, where it is kept.
  static func object(of shared: String) -> String { "\(shared).o" }

  /// Compiles an extraction for the named cases alone: without optimisation, which saves four fifths of the
  /// time. The kernel relies on the removal of dead code (`BUILD_BUG`), so a unit that does not link that way
  /// is compiled as the kernel compiles it.
  public func compileQuickly(
    _ extraction: Extraction, indexBits: Int, into folder: String, named name: String = "subject"
  ) async throws(Failure) -> String {
    do throws(Failure) {
      return try await compile(
        extraction, indexBits: indexBits, into: folder, named: name, isQuick: true)
    } catch {
      return try await compile(extraction, indexBits: indexBits, into: folder, named: name)
    }
  }

  /// Whether the compiler accepts an extraction, at real geometry.
  func isAccepted(_ extraction: Extraction) async throws(Failure) -> Bool {
    try await run(["-fsyntax-only"], on: extraction).isSuccess
  }

  /// The preprocessor's output for an extraction, at real geometry.
  func preprocessed(_ extraction: Extraction) async throws(Failure) -> String {
    let outcome = try await run(["-E", "-P"], on: extraction)
    guard outcome.isSuccess else {
      throw CompilerDiagnostics(outcome.errors, of: extraction, isDefined: isDefined).error
    }
    return outcome.output
  }

  /// Runs the compiler with the options `mode` on an extraction, without linking. With `isForRiscv`, clang
  /// compiles for riscv64; this is only for modes without output.
  func run(
    _ mode: [String], on extraction: Extraction, isWarned: Bool = false, isForRiscv: Bool = false
  ) async throws(Failure) -> CompilerProcess.Outcome {
    let (program, isClang) = try await foundCompiler()
    let machine = isClang && isForRiscv ? TargetMachine.riscv64 : TargetMachine.asRiscv64
    let dialect = (isClang ? Self.clang : Self.gcc).filter { !isWarned || $0 != "-w" }
    let common: [String] = Self.common + fill.options
    return try await process.run(
      program,
      machine + common + Self.refusals + ["-O2"] + dialect + configuration
        + ["-DMHP_INDEX_BITS=9", "-I", stubs] + mode + ["-"], input: extraction.unit)
  }

  func foundCompiler() async throws(Failure) -> (program: String, isClang: Bool) {
    if let known = found.known { return known }
    let program = try findCompiler()
    let isClang = try await process.run(program, ["--version"]).output.contains("clang")
    found.known = (program, isClang)
    return (program, isClang)
  }

  private func findCompiler() throws(Failure) -> String {
    if let compiler {
      if let path = process.locate(compiler) { return path }
      throw Failure(
        .unreadable, "no C compiler found: \(compiler) is not an executable",
        advice: "name one by its path, or omit it to use clang or gcc from PATH")
    }
    if let clang = process.locate("clang") { return clang }
    // A Swift toolchain on PATH may consist of symbolic links; clang is in the folder of their target.
    if let swift = process.locate("swift") {
      let target = URL(filePath: swift).resolvingSymlinksInPath().deletingLastPathComponent()
      if let clang = process.locate(target.path + "/clang") { return clang }
    }
    if let other = process.locate("gcc") ?? process.locate("cc") { return other }
    throw Failure(
      .unreadable, "no C compiler found",
      advice: "install clang (apt-get install clang) or put the Swift toolchain's on PATH")
  }
}

/// The compiler that the search found, kept for all copies of a `SubjectCompiler`: to ask a compiler what it is
/// costs as long as a tenth of a compilation.
private final class FoundCompiler: Sendable {
  private let state = Mutex<(program: String, isClang: Bool)?>(nil)

  var known: (program: String, isClang: Bool)? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
