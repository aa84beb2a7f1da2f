// SPDX-License-Identifier: GPL-2.0-only

/// Things with ids: functions, cases, universes, fixes, hazards, rules.
package struct ThingList: Sendable {
  package struct Item: Sendable {
    package var id: String
    package var title: String
    package var remarks: [String]

    package init(id: String, title: String = "", remarks: [String] = []) {
      self.id = id
      self.title = title
      self.remarks = remarks
    }
  }

  package var topic: String
  package var items: [Item]

  package init(topic: String, items: [Item]) {
    self.topic = topic
    self.items = items
  }

  /// The list as lines for scripts: one per thing, followed by one per remark.
  package var text: String {
    items.map { item in
      ([item.title.isEmpty ? item.id : "\(item.id) \(item.title)"] + item.remarks.map { "  \($0)" })
        .joined(separator: "\n") + "\n"
    }.joined()
  }

  package var document: Document {
    var document = Document(
      title: "mhpcheck list", name: "\(topic)", lead: "\(items.count) \(topic)")
    document.isVerdict = false
    var section = Section(id: "list", heading: "", importance: .essential)
    section.add(
      .table(
        Table(
          caption: "\(topic)", head: ["id", "title", "remarks"],
          rows: items.map {
            Table.Row(cells: [
              "\(code: $0.id)", "\($0.title)", "\($0.remarks.joined(separator: " "))",
            ])
          })), .essential)
    document.sections = [section]
    return document
  }

  /// One object of the schema "mhpcheck.list/1", with a final newline.
  package func json(tool: String) -> String {
    JSONText.of(
      WireList(
        tool: tool, topic: topic,
        items: items.map { .init(id: $0.id, title: $0.title, remarks: $0.remarks) }))
  }
}
