// SPDX-License-Identifier: GPL-2.0-only

import Cases
import FoundationEssentials
import Machine

/// Which case: one of the catalogue's, by mode and place in it; one of a universe, by its name and
/// the place in it; a random one, by what it is drawn from; one given as a scenario's JSON; or the
/// first calls of another; or another up to the event after so many, of which only the state is asked.
public indirect enum CaseReference: Hashable, Sendable, Codable {
  case catalogue(mode: String, index: Int)
  case universe(name: String, place: UniverseCase)
  case random(mode: String, seed: UInt64, index: UInt64)
  case literal(String)
  case beginning(of: CaseReference, operations: Int)
  case stopped(CaseReference, afterEvents: Int)

  /// The case that this is a part of, or itself.
  package var whole: CaseReference {
    switch self {
    case .beginning(let whole, _), .stopped(let whole, _): whole.whole
    default: self
    }
  }
}

/// What a worker is to load before its first case.
public struct WorkerPlan: Hashable, Sendable, Codable {
  /// The subject's shared object; nil for the embedded reference.
  public var subjectPath: String?
  /// Index bits a level.
  public var indexBits: UInt64
  /// How long an operation may run, in milliseconds of CPU time.
  public var limitMilliseconds: UInt32
  /// The configuration that the subject was compiled for, and the port is held to.
  public var kernelOptions: KernelOptions

  public init(
    subjectPath: String?, indexBits: UInt64 = 9, limitMilliseconds: UInt32 = 250,
    kernelOptions: KernelOptions = .standard
  ) {
    self.subjectPath = subjectPath
    self.indexBits = indexBits
    self.limitMilliseconds = limitMilliseconds
    self.kernelOptions = kernelOptions
  }

  /// Entries a table.
  package var entries: Int { 1 << Int(indexBits) }
}

/// A request with a number that nobody can know before it is made: an answer that was written for another
/// request, or for none, does not have it.
package struct NumberedRequest: Codable {
  package var number: UInt64
  package var request: WorkerRequest

  package init(_ request: WorkerRequest) {
    number = .random(in: 1 ... .max)
    self.request = request
  }
}

/// What the supervisor asks of a worker; one line of JSON each.
package enum WorkerRequest: Codable {
  /// Run these cases, up to the first that takes long; answered by `answers`.
  case run([CaseReference])
  /// Run these cases and tell everything they did; answered by `observations`.
  case observe([CaseReference])
  /// Run every case of a part of a universe; answered by `swept`.
  case sweep(SweepPart)
  /// Tell which marks an instrumented subject has made so far; answered by `marks`.
  case marks
}

/// What is said of one case in short.
public struct CaseAnswer: Hashable, Sendable {
  /// Of everything that it did.
  public var digest: CaseDigest
  /// `EndingKind.rawValue`.
  public var ending: UInt32
  /// Which spellings of the kernel API were met.
  public var spellings: Spellings

  package init(digest: CaseDigest, ending: UInt32, spellings: Spellings) {
    self.digest = digest
    self.ending = ending
    self.spellings = spellings
  }
}

/// What a worker answers: a frame of bytes each. All of it is what the worker says of its subject, and
/// may be whatever the subject made of it.
package enum WorkerResponse {
  /// All is done that the subject has no hand in: what follows may be its doing.
  case opened
  /// The plan is loaded: the functions that the subject has.
  case ready([KernelFunction])
  /// What the subject did while it was loaded, where it did not come to `ready`; that it finished is that
  /// it has no entry points which can be used. The worker ends.
  case unstarted(EndingKind, address: UInt64)
  /// The plan could not be loaded: one sentence. It counts before `opened` alone. The worker ends.
  case failed(WorkerFailure)
  /// Of each case, in order; of fewer where one took long.
  case answers([CaseAnswer])
  /// Of each case, in order.
  case observations([Observation])
  /// The digest of each case, in the order of `SweepWalk`; fewer when it was cut short.
  case swept([CaseDigest])
  /// A byte a mark; none of a subject that keeps no record.
  case marks([UInt8])

  package struct WorkerFailure: Codable {
    package var message: String
    package var isSubjectsFault: Bool
  }

  private enum Tag: UInt64 {
    case ready = 1
    case failed, answers, observations, swept, marks, opened, unstarted
  }

  /// Tag, length of what follows in bytes, number of the request.
  package static let headerBytes = 24
  /// Pages that an answer shows, at most: as many as a machine has tables. Where more are shown of several
  /// cases, these are asked for one by one.
  package static let mostPages = Pool.capacity
  /// Longer answers are none: more than a batch of the longest observations has.
  package static let longestAnswer: UInt64 = 1 << 30

  /// The frame, as the answer to the request of that number; 0 is none.
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

  /// Reads a frame's payload; nil when it is none.
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
    case .marks: self = .marks([UInt8](payload))
    case nil: return nil
    }
  }
}
