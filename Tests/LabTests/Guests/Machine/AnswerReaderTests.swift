// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab

@Suite("A guest's serial output")
struct AnswerReaderTests {
  private func pieces(_ text: String, of size: Int = .max) -> [AnswerReader.Piece] {
    var reader = AnswerReader(token: "7f3a")
    var pieces: [AnswerReader.Piece] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      pieces += reader.feed(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    let left = reader.finish()
    return left.isEmpty ? pieces : pieces + [.noise(left)]
  }

  private func answers(_ pieces: [AnswerReader.Piece]) -> [AnswerReader.Piece] {
    pieces.filter { if case .noise = $0 { false } else { true } }
  }

  private func noise(_ pieces: [AnswerReader.Piece]) -> String {
    let bytes = pieces.flatMap { if case .noise(let noise) = $0 { noise } else { [UInt8]() } }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func output(_ text: String, number: Int, status: Int = 0) -> AnswerReader.Piece {
    .answer(number: number, status: status, output: Array(text.utf8))
  }

  @Test(
    "is separated into answers and the kernel's messages, however it is cut",
    arguments: [1, 2, 7, 64, .max] as [Int])
  func apart(size: Int) {
    let pieces = pieces(
      "[ 1.0] one\r\n<<mhpcheck 7f3a 1 answer 3 0>>\na\nb<<mhpcheck 7f3a 1 end>>\n"
        + "[ 2.0] two <<\r\n<<mhpcheck 7f3a 2 answer 0 255>>\n<<mhpcheck 7f3a 2 end>>\nrest",
      of: size)
    #expect(answers(pieces) == [output("a\nb", number: 1), output("", number: 2, status: 255)])
    #expect(noise(pieces) == "[ 1.0] one\r\n[ 2.0] two <<\r\nrest")
  }

  @Test(
    "is no answer if it is an echo, has another token, or has no valid header",
    arguments: [
      "!1 \n", "echo '<<mhpcheck 7f3b 1 answer 0 0>>'\n<<mhpcheck 7f3b 1 end>>\n",
      "<<mhpcheck 7f3a 1 end>>\n", "<<mhpcheck 7f3a 1 answer -1 0>>\n",
      "<<mhpcheck 7f3a 1 answer 1048578 0>>\n",
      "<<mhpcheck 7f3a 1 answer 99999999999999999999 0>>\n",
      "<<mhpcheck 7f3a 1 answer 0 0 0>>\n",
      "<<mhpcheck 7f3a " + String(repeating: "1", count: 100_000),
    ] as [String])
  func noAnswer(text: String) {
    let pieces = pieces(text + "<<mhpcheck 7f3a 9 answer 1 0>>\nx<<mhpcheck 7f3a 9 end>>\n")
    #expect(answers(pieces) == [output("x", number: 9)])
    #expect(noise(pieces) == text)
  }

  @Test("may contain the text of an answer's end within an answer")
  func forged() {
    let forged =
      "<<mhpcheck 7f3a 1 end>>\n<<mhpcheck 7f3a 2 answer 0 0>>\n<<mhpcheck 7f3a 2 end>>\n"
    let pieces = pieces(
      "<<mhpcheck 7f3a 1 answer \(forged.utf8.count) 0>>\n\(forged)<<mhpcheck 7f3a 1 end>>\n")
    #expect(answers(pieces) == [output(forged, number: 1)])
  }

  @Test(
    "gives a torn answer if a message interrupts it, and the next one whole",
    arguments: [1, 5, .max] as [Int])
  func torn(size: Int) {
    let pieces = pieces(
      "<<mhpcheck 7f3a 4 answer 6 0>>\nabc[ 9.9] Oops\r\ndef<<mhpcheck 7f3a 4 end>>\n"
        + "<<mhpcheck 7f3a 5 answer 6 0>>\nabcdef<<mhpcheck 7f3a 5 end>>\n", of: size)
    #expect(answers(pieces) == [.torn(number: 4), output("abcdef", number: 5)])
  }

  @Test("no longer counts as an answer if the end never comes")
  func endless() {
    var reader = AnswerReader(token: "7f3a")
    #expect(reader.feed("<<mhpcheck 7f3a 1 answer 2 0>>\n".utf8) == [])
    let line = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 16)
    let pieces = (0..<8).flatMap { _ in reader.feed(line) }
    #expect(answers(pieces) == [.torn(number: 1)])
  }

  @Test("is kept as its last twenty lines, of at most four hundred bytes")
  func lastLines() {
    var lines = ConsoleLines()
    lines.append((1...30).map { "line \($0)\r\n\r\n" }.joined().utf8)
    #expect(lines.last.count == 20)
    #expect(lines.last.first == "line 11")
    #expect(lines.last.last == "line 30")
    lines.append(String(repeating: "x", count: 100_000).utf8)
    #expect(lines.last.count == 20)
    #expect(lines.last.last == String(repeating: "x", count: 400))
  }
}

@Suite("The processor's address translation")
struct AddressTranslationTests {
  @Test(
    "is read from QEMU's registers",
    arguments: [
      ("8000000000081f3c", "sv39", 0x81f3c), ("900ff00000081f3c", "sv48", 0x81f3c),
      ("afffffffffffffff", "sv57", 0xfff_ffff_ffff),
    ] as [(String, String, UInt64)])
  func read(satp: String, mode: String, root: UInt64) {
    let translation = AddressTranslation(
      registers: " pc       ffffffff80a1\r\n satp     \(satp)\r\n mepc     0\r\n")
    #expect(translation?.mode == mode)
    #expect(translation?.rootPFN == root)
  }

  @Test(
    "is unknown if nothing is translated, or if QEMU does not report it",
    arguments: [" satp     0000000000000000\n", " satp\n", "", " vsatp    8000000000000001\n"]
      as [String])
  func none(registers: String) {
    #expect(AddressTranslation(registers: registers) == nil)
  }
}
