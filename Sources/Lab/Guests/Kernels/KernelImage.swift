// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// A kernel's image, in the forms that builds and packages have.
enum KernelImage: Hashable, Sendable {
  /// The form that is loaded, with the header of RISC-V's Image (the kernel's
  /// Documentation/arch/riscv/boot-image-header.rst).
  case plain
  /// An Image, compressed with gzip.
  case gzip
  /// An EFI program that unpacks an Image (CONFIG_EFI_ZBOOT); its header has the offset, the size and the
  /// compression of the Image.
  case zboot(offset: Int, size: Int, compression: String)
  /// `vmlinux`, linked for virtual addresses.
  case elf
  /// None of these.
  case unknown

  /// The form of a file that begins with `bytes`; 64 bytes are enough.
  init(header bytes: [UInt8]) {
    func number(_ at: Int) -> Int {
      bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    func begins(_ at: Int, _ text: String) -> Bool { bytes.dropFirst(at).starts(with: text.utf8) }
    if bytes.starts(with: [0x1f, 0x8b]) {
      self = .gzip
    } else if bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      self = .elf
    } else if bytes.count < 64 {
      self = .unknown
    } else if begins(0, "MZ"), begins(4, "zimg") {
      let compression = String(decoding: bytes[24..<32].prefix { $0 != 0 }, as: UTF8.self)
      self = .zboot(offset: number(8), size: number(12), compression: compression)
    } else if begins(0x38, "RSC\u{05}") {
      self = .plain
    } else {
      self = .unknown
    }
  }

  /// The form of the file at `path`.
  static func kind(of path: String) throws(Failure) -> KernelImage {
    let file = try InputFile.open(path, regularOnly: true)
    let chunk = try InputFile.readChunk(descriptor: file.descriptor, name: path) ?? []
    return KernelImage(header: Array(chunk.prefix(64)))
  }

  /// The plain image in the file at `path`; nil if the file is that already. Throws if the file has no image
  /// that QEMU can boot.
  static func unpacked(
    _ path: String, tools: Tools
  ) async throws(Failure) -> [UInt8]? {
    let image: [UInt8]
    switch try kind(of: path) {
    case .plain: return nil
    case .gzip: image = try await decompress("gzip", file: path, [], path, tools)
    case .zboot(let offset, let size, let compression):
      guard let program = ["gzip": "gzip", "xzkern": "xz", "xz": "xz", "zstd": "zstd"][compression]
      else {
        throw Failure(
          .unreadable,
          "\(path) is compressed with \(quoted(compression)), which cannot be read here",
          advice: "give arch/riscv/boot/Image of the same build")
      }
      let all = try InputFile.read(path, regularOnly: true)
      guard offset <= all.count, size <= all.count - offset else {
        throw Failure(.unreadable, "\(path) is truncated", advice: "build or fetch it again")
      }
      image = try await decompress(
        program, file: nil, Array(all[offset..<offset + size]), path, tools)
    case .elf:
      throw Failure(
        .unreadable,
        "\(path) is a vmlinux (ELF), linked for virtual addresses: QEMU cannot boot it",
        advice: "give arch/riscv/boot/Image of the same build")
    case .unknown:
      throw notImage(path)
    }
    guard KernelImage(header: Array(image.prefix(64))) == .plain else { throw notImage(path) }
    return image
  }

  private static func decompress(
    _ program: String, file: String?, _ input: [UInt8], _ path: String, _ tools: Tools
  ) async throws(Failure) -> [UInt8] {
    let located = try tools.locate(program, advice: "install it to unpack \(path)")
    // "--" keeps a file's name from being taken for an option.
    let outcome = try await tools.run(
      located, ["-dc"] + (file.map { ["--", $0] } ?? []), input: input, limit: 256 << 20)
    guard outcome.status.isSuccess else {
      throw Failure(
        .unreadable,
        "\(path) could not be unpacked: \(program): \(Tools.plain(outcome.firstError))",
        advice: "build or fetch it again")
    }
    return outcome.output
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } + "\""
  }

  private static func notImage(_ path: String) -> Failure {
    Failure(
      .unreadable, "\(path) is not a RISC-V kernel image",
      advice: "give arch/riscv/boot/Image, Image.gz or vmlinuz.efi of a build")
  }
}
