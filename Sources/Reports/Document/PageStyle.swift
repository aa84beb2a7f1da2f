// SPDX-License-Identifier: GPL-2.0-only

import CEmbedded

/// The constant parts of a page. The page's content security policy has the digests of the style and the
/// script, so that nothing else runs. A test checks the digests.
enum PageStyle {
  static let style = String(cString: mhp_embedded_page_style())
  static let styleDigest = "sha256-Tcz3SaW5I+pETAJqlj5BiMRj2cmwHMUBk56cprnNO5I="
  static let script = String(cString: mhp_embedded_page_script())
  static let scriptDigest = "sha256-ioqHPvkKyTkKIAxSm87kjtUUYwcB9+kUp19zr+xf1jE="
  /// The hatching with which drawings fill ranges.
  static let definitions = """
    <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>\
    <pattern id="hatching" width="5" height="5" patternUnits="userSpaceOnUse">\
    <path class="hatching" d="M0 5l5 -5M-1 1l2 -2M4 6l2 -2"/></pattern></defs></svg>
    """
}
