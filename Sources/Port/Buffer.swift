// SPDX-License-Identifier: GPL-2.0-only

/// An array with a single owner. It has no reference count and no test for other owners, because these
/// cost more than most of the port's work on an element. It keeps its memory when it is emptied.
///
/// The port uses unsafe pointers only here and in `TableMemory`. Invariants:
/// - `start` is one allocation for `capacity` elements, this value's own, from `init` to `deinit`.
/// - `0 <= count <= capacity`; the first `count` elements are initialised, and only these are read.
/// - Elements are plain data (`BitwiseCopyable`), so that dropping one needs no work.
struct Buffer<Element: BitwiseCopyable>: ~Copyable {
  private var start: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  /// An empty buffer with room for `capacity` elements, at least one.
  init(capacity: Int = 16) {
    precondition(capacity > 0, "a buffer has room for something")
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  /// The element at an index below `count`.
  subscript(place: Int) -> Element {
    @inline(__always) get {
      check(place)
      return start[place]
    }
    @inline(__always) _modify {
      check(place)
      yield &start[place]
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(toHold: count + 1) }
    start.advanced(by: count).initialize(to: element)
    count &+= 1
  }

  /// Inserts an element at an index and moves up the elements from there on.
  mutating func insert(_ element: Element, at place: Int) {
    precondition(UInt(bitPattern: place) <= UInt(bitPattern: count), "no such place")
    append(element)
    for index in stride(from: count - 1, to: place, by: -1) { start[index] = start[index - 1] }
    start[place] = element
  }

  mutating func remove(at place: Int) {
    check(place)
    for index in place..<(count - 1) { start[index] = start[index + 1] }
    count &-= 1
  }

  /// Replaces the contents.
  mutating func set(to elements: [Element]) {
    if elements.count > capacity { grow(toHold: elements.count) }
    elements.withUnsafeBufferPointer { new in
      if let first = new.baseAddress { start.update(from: first, count: new.count) }
    }
    count = elements.count
  }

  /// Keeps the memory.
  mutating func removeAll() { count = 0 }

  /// The elements in place; the pointer is valid until the buffer changes or is destroyed.
  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: start, count: count) }

  @inline(__always)
  private func check(_ place: Int) {
    precondition(UInt(bitPattern: place) < UInt(bitPattern: count), "no such element")
  }

  @inline(never)
  private mutating func grow(toHold needed: Int) {
    let larger = max(needed, capacity * 2)
    let new = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    new.moveInitialize(from: start, count: count)
    start.deallocate()
    start = new
    capacity = larger
  }
}
