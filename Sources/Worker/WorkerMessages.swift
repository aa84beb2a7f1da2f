// SPDX-License-Identifier: GPL-2.0-only

import Cases
import FoundationEssentials
import Machine

/// A reference to a case: one of the catalogue's, by mode and index; one of a universe, by its name and
/// the place in it; a random one, by its seed; a scenario in JSON; the first calls of another case; or
/// another case up to the event after `afterEvents` events, of which only the state is requested.
public indirect enum CaseReference: Hashable, Sendable, Codable {
  case catalogue(mode: String, index: Int)
  case universe(name: String, place: UniverseCase)
  case random(mode: String, seed: UInt64, index: UInt64)
  case literal(String)
  case beginning(of: CaseReference, operations: Int)
  case stopped(CaseReference, afterEvents: Int)

  /// The case that this one is a part of, or itself.
  package var whole: CaseReference {
    switch self {
    case .beginning(let whole, _), .stopped(let whole, _): whole.whole
    default: self
    }
  }
}

/// The setup of a worker before its first case.
public struct WorkerPlan: Hashable, Sendable, Codable {
  /// The subject's shared object; nil for the embedded reference.
  public var subjectPath: String?
  /// Index bits per level.
  public var indexBits: UInt64
  /// The time limit of an operation, in milliseconds of CPU time. The longest one of the catalogue takes less than
  /// 1 ms, or a few in an object with marks.
  public var limitMilliseconds: UInt32
  /// The configuration that the subject was compiled for, and that the port follows.
  public var kernelOptions: KernelOptions

  public init(
    subjectPath: String?, indexBits: UInt64 = 9, limitMilliseconds: UInt32 = WorkerPlan.usualLimit,
    kernelOptions: KernelOptions = .standard
  ) {
    self.subjectPath = subjectPath
    self.indexBits = indexBits
    self.limitMilliseconds = limitMilliseconds
    self.kernelOptions = kernelOptions
  }

  package var entries: Int { 1 << Int(indexBits) }

  /// The time limit of an operation, in milliseconds, unless more is known.
  public static let usualLimit: UInt32 = 100
  /// The time limit of an operation for cases of which some are known to hang, in milliseconds.
  public static let limitOfHangs: UInt32 = 20
}

/// A request with an unpredictable number: an answer that was written for another request, or for none,
/// does not have it.
package struct NumberedRequest: Codable {
  package var number: UInt64
  package var request: WorkerRequest

  package init(_ request: WorkerRequest) {
    number = .random(in: 1 ... .max)
    self.request = request
  }
}

/// A request of the supervisor to a worker; one line of JSON each.
package enum WorkerRequest: Codable {
  /// Run these cases, up to the first slow one; answered by `answers`.
  case run([CaseReference])
  /// Run these cases and report all their behaviour; answered by `observations`.
  case observe([CaseReference])
  /// Run every case of a part of a universe; answered by `swept`.
  case sweep(SweepPart)
  /// Run every case of a part of a universe; answered by `folded`.
  case fold(SweepPart)
  /// Report the marks that an instrumented subject has made so far; answered by `marks`.
  case marks
  /// From here on, use this variant of a function that the subject has several of (`mhp/choice.h`); answered by
  /// `marks`.
  case choose(UInt32)
}

/// The short answer about one case.
public struct CaseAnswer: Hashable, Sendable {
  /// The digest of its complete behaviour.
  public var digest: CaseDigest
  /// `EndingKind.rawValue`.
  public var ending: UInt32
  /// The spellings of the kernel API that occurred.
  public var spellings: Spellings

  package init(digest: CaseDigest, ending: UInt32, spellings: Spellings) {
    self.digest = digest
    self.ending = ending
    self.spellings = spellings
  }
}

/// A worker's answer; a frame of bytes each. All of it is the worker's own report about its subject, and
/// the subject may have forged it.
package enum WorkerResponse {
  /// The last step that the subject cannot influence is done; it may forge everything that follows.
  case opened
  /// The plan is loaded; the answer holds the functions that the subject contains.
  case ready([KernelFunction])
  /// The ending of a subject that did not reach `ready` while it was loaded. `finished` means that it
  /// has no usable entry points. The worker ends.
  case unstarted(EndingKind, address: UInt64)
  /// The plan could not be loaded, for the reason in one sentence. Valid only before `opened`. The
  /// worker ends.
  case failed(WorkerFailure)
  /// One answer per case, in order; fewer if a case was slow.
  case answers([CaseAnswer])
  /// One per case, in order.
  case observations([Observation])
  /// The digest of each case, in the order of `SweepWalk`; fewer if the sweep was cut short.
  case swept([CaseDigest])
  /// `SweepPart.folds`; none if the sweep was cut short.
  case folded([CaseDigest])
  /// One byte per mark; empty for a subject without instrumentation.
  case marks([UInt8])

  package struct WorkerFailure: Codable {
    package var message: String
    package var isSubjectsFault: Bool
  }

  private enum Tag: UInt64 {
    case ready = 1
    case failed, answers, observations, swept, marks, opened, unstarted, folded
  }

  /// Tag, length of the payload in bytes, number of the request.
  package static let headerBytes = 24
  /// The maximum number of pages in an answer: the number of tables that a machine holds. If several
  /// cases have more, the supervisor requests them one by one.
  package static let mostPages = Pool.capacity
  /// The maximum length of an answer in bytes: more than a batch of the longest observations.
  package static let longestAnswer: UInt64 = 1 << 30

  /// The frame of the answer to the request with this number; 0 is none.
  package func frame(number: UInt64, entries: Int) throws -> Data {
    let (tag, payload): (Tag, Data) =
      switch self {
      case .opened: (.opened, Data())
      case .unstarted(let kind, let address):
        (.unstarted, WordReader.bytes(of: [UInt64(kind.rawValue), address]))
      case .ready(let functions): (.ready, try JSONEncoder().encode(functions))
      case .failed(let failure): (.failed, try JSONEncoder().encode(failure))
      case .answers(let answers):
        (
          .answers,
          WordReader.bytes(
            of: answers.flatMap {
              [$0.digest, UInt64($0.spellings.rawValue) << 32 | UInt64($0.ending)]
            })
        )
      case .observations(let observations):
        (.observations, WordReader.bytes(of: Self.words(of: observations, entries: entries)))
      case .swept(let digests): (.swept, WordReader.bytes(of: digests))
      case .folded(let digests): (.folded, WordReader.bytes(of: digests))
      case .marks(let bytes): (.marks, Data(bytes))
      }
    return WordReader.bytes(of: [tag.rawValue, UInt64(payload.count), number]) + payload
  }

  private static func words(of observations: [Observation], entries: Int) -> [UInt64] {
    var words: [UInt64] = []
    for observation in observations {
      ObservationCoding.append(observation, entries: entries, to: &words)
    }
    return words
  }

  /// Reads a frame's payload; nil if it is not valid.
  package init?(tag: UInt64, payload: Data, entries: Int) {
    switch Tag(rawValue: tag) {
    case .opened:
      guard payload.isEmpty else { return nil }
      self = .opened
    case .unstarted:
      var reader = WordReader(payload)
      guard let word = reader.next(), let address = reader.next(),
        let kind = EndingKind(rawValue: UInt32(truncatingIfNeeded: word))
      else { return nil }
      self = .unstarted(kind, address: address)
    case .ready:
      guard let functions = try? JSONDecoder().decode([KernelFunction].self, from: payload) else {
        return nil
      }
      self = .ready(functions)
    case .failed:
      guard let failure = try? JSONDecoder().decode(WorkerFailure.self, from: payload) else {
        return nil
      }
      self = .failed(failure)
    case .answers:
      var reader = WordReader(payload)
      var answers: [CaseAnswer] = []
      while let digest = reader.next(), let word = reader.next() {
        answers.append(
          CaseAnswer(
            digest: digest, ending: UInt32(truncatingIfNeeded: word),
            spellings: Spellings(rawValue: UInt32(word >> 32))))
      }
      self = .answers(answers)
    case .observations:
      var reader = WordReader(payload)
      var observations: [Observation] = []
      var pagesLeft = Self.mostPages
      while !reader.rest.isEmpty {
        guard
          let one = ObservationCoding.next(from: &reader, entries: entries, pagesLeft: pagesLeft)
        else { return nil }
        pagesLeft -= one.tables.count
        observations.append(one)
      }
      self = .observations(observations)
    case .swept: self = .swept(Array(WordReader(payload).rest))
    case .folded: self = .folded(Array(WordReader(payload).rest))
    case .marks: self = .marks([UInt8](payload))
    case nil: return nil
    }
  }
}
