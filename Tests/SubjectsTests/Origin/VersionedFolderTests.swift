// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Subjects

@Suite("Versions in the cache")
struct VersionedFolderTests {
  let folder: PrivateFolder
  let versions: VersionedFolder

  init() throws {
    folder = try PrivateFolder()
    versions = VersionedFolder(cache: CacheFolder(path: folder.path), place: "things/x")
  }

  @Test("A complete version is available, under a name without colons")
  func made() async throws {
    #expect(versions.newest() == nil)
    let entry = try await versions.make(waiting: {}, found: { nil }) {
      (tree, scratch) async throws(Failure) in
      try VersionedFolder.write([1], to: "\(tree)/sub/file")
      try VersionedFolder.write([2], to: "\(scratch)/package")
      return ("1:2-3", "x 1:2-3")
    }
    #expect(entry.label == "x 1:2-3" && entry.path == "\(folder.path)/things/x/1%3a2-3")
    #expect(versions.newest() == entry && versions.whole("1:2-3") == entry)
    #expect(versions.whole("2") == nil)
    #expect(
      folder.files(below: "things/x") == [
        "1%3a2-3/VERSION", "1%3a2-3/complete", "1%3a2-3/sub/file", "lock",
      ])
  }

  @Test("A version without the required marker is not available")
  func markers() async throws {
    let cache = CacheFolder(path: folder.path)
    let other = VersionedFolder(cache: cache, place: "things/x", markers: ["second", "complete"])
    try folder.write("things/x/1/complete")
    try folder.write("things/x/1/VERSION", "x 1\n")
    #expect(versions.newest()?.label == "x 1" && other.newest() == nil)
    let entry = try await other.make(waiting: {}, found: { nil }) { _, _ in ("1", "x 2") }
    #expect(other.newest() == entry && versions.newest() == entry)
  }

  @Test("A failure midway leaves only the lock behind")
  func failed() async throws {
    let error = await refusal {
      _ = try await versions.make(waiting: {}, found: { nil }) {
        (tree, _) async throws(Failure) in
        try VersionedFolder.write([1], to: "\(tree)/half")
        throw Failure(.unreadable, "the network went away")
      }
    }
    #expect(error.message == "the network went away")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/things/x") == ["lock"])
  }

  @Test("The leftovers of a killed run are neither used nor kept")
  func killed() async throws {
    try folder.write("things/x/.fetching-abcdef/tree/half", "x")
    try folder.write("things/x/2/VERSION", "x 2\n")
    #expect(versions.newest() == nil && versions.whole("2") == nil)
    _ = try await versions.make(waiting: {}, found: { nil }) { (_, _) async throws(Failure) in
      ("2", "x 2")
    }
    #expect(folder.files(below: "things/x") == ["2/VERSION", "2/complete", "lock"])
  }

  @Test("A version that another process made in the meantime is used")
  func found() async throws {
    let other = VersionedFolder.Entry(path: "/there", label: "x 3")
    let entry = try await versions.make(waiting: {}, found: { other }) {
      (_, _) async throws(Failure) in
      throw Failure(.unreadable, "made twice")
    }
    #expect(entry == other)
  }

  @Test("A cache that cannot be created gives one line with advice")
  func notWritable() async throws {
    let file = try folder.write("file", "x")
    let versions = VersionedFolder(cache: CacheFolder(path: file), place: "things/x")
    let error = await refusal {
      _ = try await versions.make(waiting: {}, found: { nil }) {
        (_, _) async throws(Failure) in
        ("1", "x 1")
      }
    }
    #expect(error.message == "\(file)/things/x cannot be written")
    #expect(error.advice?.contains("MHPCHECK_CACHE") == true)
  }
}
