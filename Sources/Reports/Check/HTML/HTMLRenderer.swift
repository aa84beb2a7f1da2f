// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Mustache

/// A check as one self-contained page for a browser.
///
/// The templates, the style sheet and the script stand in `Page/` and are embedded in the program; they
/// are compiled when a page is asked for, and not before.
public struct HTMLRenderer: CheckRenderer {
  /// What running kernels did beside the model, for a part of the page; none without.
  private let confirmed: [ConfirmFile]

  public init(confirmed: [ConfirmFile] = []) { self.confirmed = confirmed }

  /// The whole page, with a final newline.
  public func render(_ outcome: CheckOutcome) -> String {
    do {
      let library = try Self.library.get()
      return library.render(Page(outcome, confirmed: confirmed), withTemplate: "page") ?? ""
    } catch {
      // A test holds that the embedded templates can be compiled.
      return "<!doctype html><title>\(PageText.escaped("\(error)"))</title>\n"
    }
  }

  /// The templates by name: what the page and its parts are.
  static let templates: [(name: String, text: [UInt8])] = [
    ("page", PackageResources.page_mustache), ("command", PackageResources.command_mustache),
    ("difference", PackageResources.difference_mustache),
    ("hazard", PackageResources.hazard_mustache), ("case", PackageResources.case_mustache),
    ("legend", PackageResources.legend_mustache),
    ("confirmed", PackageResources.confirmed_mustache),
  ]

  private static let library = Result {
    PageText.isRegistered
    var library = MustacheLibrary()
    for (name, text) in templates {
      try library.register(String(decoding: text, as: UTF8.self), named: name)
    }
    return library
  }
}
