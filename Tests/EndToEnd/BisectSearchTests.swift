// SPDX-License-Identifier: GPL-2.0-only

import Subjects
import Testing

@testable import Pipeline

/// The halving of histories, without a repository.
@Suite("The search for the first bad commit")
struct BisectSearchTests {
  private struct Numbers {
    var state: UInt64
    mutating func next(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  private static func history(_ parents: [[Int]]) -> [GitHistory.Commit] {
    parents.enumerated().map { GitHistory.Commit(hash: "\($0)", parents: $1) }
  }

  /// Whether a commit is another or follows it.
  private static func follows(_ place: Int, _ other: Int, in parents: [[Int]]) -> Bool {
    place == other || parents[place].contains { follows($0, other, in: parents) }
  }

  @Test("In a row of any length each commit is found, in no more looks than halving takes")
  func row() {
    for count in 1...40 {
      let parents: [[Int]] = (0..<count).map { $0 == 0 ? [] : [$0 - 1] }
      for culprit in 0..<count {
        var search = BisectSearch(Self.history(parents))
        var looks = 0
        while let place = search.next {
          search.learn(place, is: place >= culprit ? .bad : .good)
          looks += 1
        }
        #expect(search.suspects == [culprit])
        #expect(1 << max(0, looks - 1) < 2 * count, "\(looks) looks in \(count)")
      }
    }
  }

  @Test("In histories with branches and merges the commit that all bad ones follow is found")
  func branches() {
    var numbers = Numbers(state: 7)
    for _ in 0..<300 {
      let count = 2 + numbers.next(below: 14)
      var parents: [[Int]] = [[]]
      for place in 1..<count {
        let first = numbers.next(below: 2) == 0 ? place - 1 : numbers.next(below: place)
        let second = numbers.next(below: place)
        parents.append(numbers.next(below: 3) == 0 && second != first ? [first, second] : [first])
      }
      let tip = count - 1
      let culprits = (0..<count).filter { Self.follows(tip, $0, in: parents) }
      let culprit = culprits[numbers.next(below: culprits.count)]
      var search = BisectSearch(Self.history(parents))
      while let place = search.next {
        search.learn(place, is: Self.follows(place, culprit, in: parents) ? .bad : .good)
      }
      #expect(search.suspects == [culprit], "\(parents)")
    }
  }

  @Test(
    "Commits that say nothing are gone around, and stay suspects only where they are in the way")
  func skipped() {
    let parents: [[Int]] = (0..<12).map { $0 == 0 ? [] : [$0 - 1] }
    for culprit in 0..<12 {
      for mute in 0..<11 {
        var search = BisectSearch(Self.history(parents))
        while let place = search.next {
          search.learn(place, is: place == mute ? .skipped : place >= culprit ? .bad : .good)
        }
        let expected: [Int] =
          switch culprit {
          case mute: [mute, mute + 1]
          case mute + 1: [mute, mute + 1]
          default: [culprit]
          }
        #expect(search.suspects == expected, "\(culprit), \(mute)")
      }
    }
  }
}
