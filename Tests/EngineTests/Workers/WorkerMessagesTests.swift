// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("A worker's answer")
struct WorkerMessagesTests {
  private func payload(_ response: WorkerResponse) throws -> (UInt64, Data) {
    let frame = try response.frame(number: 7, entries: 512)
    var header = WordReader(frame.prefix(24))
    let tag = header.next()
    let length = header.next()
    #expect(header.next() == 7)
    #expect(length == UInt64(frame.count - 24))
    return (try #require(tag), Data(frame.dropFirst(24)))
  }

  private func isAnswer(_ tag: UInt64, _ payload: Data) -> Bool {
    if case .some = WorkerResponse(tag: tag, payload: payload, entries: 512) { true } else { false }
  }

  @Test("arrives as it was sent", arguments: Architecture.riscv.modes)
  func roundTrip(mode: PagingMode) throws {
    let port = HotplugPort(fixes: .latest)
    let sent = try Catalogue.scenarios(mode: mode).prefix(60).map { scenario in
      port.observe(try scenario.lowered())
    }
    let (tag, bytes) = try payload(.observations(sent))
    let response = try #require(WorkerResponse(tag: tag, payload: bytes, entries: 512))
    guard case .observations(let received) = response else {
      Issue.record("not observations")
      return
    }
    #expect(received == sent)
  }

  @Test("has no more pages than a machine, however few bytes encode them") func pages() throws {
    let page = [UInt64](repeating: pagePoison, count: 512)
    let life = PageLife(level: 0, owner: 0, live: 1, constructed: 0)
    let one = Observation(
      ending: Ending(), events: [], tables: Array(repeating: page, count: 8),
      lives: Array(repeating: life, count: 8), maxPFN: 0, maxLowPFN: 0, altmapAllocs: [],
      altmapAligns: [])
    let most = WorkerResponse.mostPages / 8
    let (tag, bytes) = try payload(.observations(Array(repeating: one, count: most)))
    #expect(isAnswer(tag, bytes))
    #expect(!isAnswer(tag, bytes + bytes.prefix(bytes.count / most)))
  }

  @Test("is short for a page of nothing but poison or zeros") func background() throws {
    for word in [0, pagePoison] {
      let page = [UInt64](repeating: word, count: 512)
      let life = PageLife(level: 0, owner: 0, live: 1, constructed: 0)
      let sent = Observation(
        ending: Ending(), events: [], tables: [page, page], lives: [life, life], maxPFN: 0,
        maxLowPFN: 0, altmapAllocs: [], altmapAligns: [])
      let (tag, bytes) = try payload(.observations([sent]))
      #expect(bytes.count < 200)
      let response = try #require(WorkerResponse(tag: tag, payload: bytes, entries: 512))
      guard case .observations(let received) = response else {
        Issue.record("not observations")
        return
      }
      #expect(received == [sent])
    }
  }

  @Test("keeps answers and digests in order") func answers() throws {
    let sent = (0..<5).map {
      CaseAnswer(digest: UInt64($0) << 40, ending: UInt32($0), spellings: [.print, .noPgmap])
    }
    var (tag, bytes) = try payload(.answers(sent))
    guard case .answers(let received)? = WorkerResponse(tag: tag, payload: bytes, entries: 512)
    else {
      Issue.record("not answers")
      return
    }
    #expect(received == sent)
    (tag, bytes) = try payload(.swept([3, 1, 2]))
    guard case .swept(let digests)? = WorkerResponse(tag: tag, payload: bytes, entries: 512) else {
      Issue.record("not digests")
      return
    }
    #expect(digests == [3, 1, 2])
  }

  @Test("keeps marks as they are") func marks() throws {
    for sent in [[], [0, 1, 255, 0, 7]] as [[UInt8]] {
      let (tag, bytes) = try payload(.marks(sent))
      guard case .marks(let received)? = WorkerResponse(tag: tag, payload: bytes, entries: 512)
      else {
        Issue.record("not marks")
        return
      }
      #expect(received == sent)
    }
  }

  @Test("is refused if it is cut off or changed anywhere, and never crashes its reader")
  func hostile() throws {
    let scenario = try #require(Catalogue.scenarios(mode: Architecture.riscv.modes[0]).last)
    let observation = HotplugPort(fixes: .latest).observe(try scenario.lowered())
    let (tag, bytes) = try payload(.observations([observation]))
    for length in stride(from: 8, to: bytes.count, by: 8) {
      #expect(!isAnswer(tag, bytes.prefix(length)), "\(length) bytes")
    }
    for place in stride(from: 0, to: bytes.count, by: 3) {
      for value in [0x00, 0x7f, 0xff] as [UInt8] {
        var changed = bytes
        changed[changed.startIndex + place] = value
        _ = WorkerResponse(tag: tag, payload: changed, entries: 512)
      }
    }
    #expect(!isAnswer(99, bytes))
    #expect(!isAnswer(1, bytes))
  }
}
