// SPDX-License-Identifier: GPL-2.0-only

/// The shell commands that query a guest's kernel, and the parsers of their output. The output is untrusted:
/// text of any other form is ignored.
enum GuestDialogue {
  /// Makes the kernel trace every page that is allocated or freed, and every TLB flush with its caller, while
  /// `/t/tracing_on` is 1.
  static let tracing = """
    echo 0 > /t/tracing_on
    echo 16384 > /t/buffer_size_kb
    echo 1 > /t/events/kmem/mm_page_alloc/enable
    echo 1 > /t/events/kmem/mm_page_free/enable
    echo flush_tlb_all > /t/set_ftrace_filter
    echo flush_tlb_kernel_range >> /t/set_ftrace_filter
    echo function > /t/current_tracer
    """

  /// Prints the trace, one short line per event.
  static let trace = """
    sed -n -e 's/.* mm_page_alloc:.* pfn=0x\\([0-9a-f]*\\) order=\\([0-9]*\\).*/a \\1 \\2/p' \
      -e 's/.* mm_page_free:.* pfn=0x\\([0-9a-f]*\\) order=\\([0-9]*\\).*/f \\1 \\2/p' \
      -e 's/.* flush_tlb_all <-\\([A-Za-z0-9_.]*\\).*/F \\1/p' \
      -e 's/.* flush_tlb_kernel_range <-\\([A-Za-z0-9_.]*\\).*/R \\1/p' /t/trace
    """

  /// The events that `trace` prints.
  static func events(_ text: some StringProtocol) -> [KernelEvent] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let parts = line.split(separator: " ")
      switch (parts.first, parts.count) {
      case ("a", 3), ("f", 3):
        guard let pfn = UInt64(parts[1], radix: 16), let order = UInt64(parts[2]), order < 64 else {
          return nil
        }
        return KernelEvent(parts[0] == "a" ? .allocate : .free, pfn: pfn, order: order)
      case ("F", 2): return KernelEvent(.flushAll, caller: String(parts[1].prefix(100)))
      case ("R", 2): return KernelEvent(.flushRange, caller: String(parts[1].prefix(100)))
      default: return nil
      }
    }
  }

  /// Prints the counters once they are stable. The kernel frees the tables of a process that ended after an
  /// RCU grace period, so the wait starts no process. A counter below 0 is printed as 0, and its value goes
  /// to the log.
  static let counters = """
    [ -p /tmp/never ] || mkfifo /tmp/never
    exec 9<> /tmp/never
    dmesg -c >> /tmp/kept
    before=none
    for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      read -t 0.12 nothing <&9
      echo 1 > /proc/sys/vm/stat_refresh
      grep -E '^nr_(page_table|memmap)_pages ' /proc/vmstat > /tmp/counters
      now=
      while read -r line; do now="$now,$line"; done < /tmp/counters
      [ "$now" = "$before" ] && break
      before=$now
    done
    cat /tmp/counters
    dmesg -c > /tmp/refreshed
    sed -n 's/.*vmstat_refresh: \\(nr_page_table_pages -[0-9]*\\).*/\\1/p' /tmp/refreshed | tail -n 1
    """

  /// Prints the kernel's messages since the last request.
  static let messages = """
    cat /tmp/kept /tmp/refreshed 2> /dev/null
    rm -f /tmp/kept /tmp/refreshed
    dmesg -c
    """

  /// The kernel's messages: at most 200 lines, of at most 400 characters.
  static func messages(_ text: some StringProtocol) -> [String] {
    text.split(whereSeparator: \.isNewline).prefix(200).map { String($0.prefix(400)) }
  }

  /// Whether the kernel reported that it cannot continue the requested action.
  static func isStop(_ messages: [String]) -> Bool {
    let marks = [
      "Unable to handle kernel", "kernel BUG at", "Kernel panic", "Internal error", "Oops",
    ]
    return messages.contains { line in marks.contains { line.contains($0) } }
  }

  /// `nr_page_table_pages` and `nr_memmap_pages` in the output of `counters`; nil without the first.
  static func counters(_ text: String) -> (pageTables: Int64, memmap: Int64?)? {
    var pageTables: Int64?
    var memmap: Int64?
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let number = Int64(parts[1]) else { continue }
      if parts[0] == "nr_page_table_pages" { pageTables = number }
      if parts[0] == "nr_memmap_pages" { memmap = number }
    }
    return pageTables.map { ($0, memmap) }
  }

  /// Prints the kernel's flags of pages (Documentation/admin-guide/mm/pagemap.rst): one line per page, in
  /// order, with the low and the high half of its flags.
  static func pageFlags(of pfns: [UInt64]) -> String {
    """
    for pfn in \(pfns.map(String.init).joined(separator: " ")); do
      dd if=/proc/kpageflags bs=8 skip=$pfn count=1 2> /dev/null
    done | hexdump -v -e '2/4 "%08x " "\\n"'
    """
  }

  /// Whether pages are reserved (`KPF_RESERVED`, bit 32) and are tables with a constructor (`KPF_PGTABLE`,
  /// bit 26), in the requested order; nil if the output does not have all pages.
  static func pageFlags(
    _ text: String, count: Int
  ) -> [(isReserved: Bool, isConstructed: Bool)]? {
    let flags = text.split(whereSeparator: \.isNewline).compactMap {
      line -> (isReserved: Bool, isConstructed: Bool)? in
      let parts = line.split(separator: " ")
      guard parts.count == 2, let low = UInt64(parts[0], radix: 16),
        let high = UInt64(parts[1], radix: 16)
      else { return nil }
      return (high & 1 != 0, low & 1 << 26 != 0)
    }
    return flags.count == count ? flags : nil
  }
}
