// SPDX-License-Identifier: GPL-2.0-only

/// The Mustache template of a page with tables. It is source, not a resource: the program is one file.
enum TablePageTemplate {
  /// What `TablePageHTML` fills in. `{{{style}}}`, a constant, is all that is not escaped.
  static let text = """
    {{% CONTENT_TYPE:MHPCHECK}}
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <main>
    <h1>{{title}}</h1>
    <p>{{#lead}}\(cell){{/lead}}</p>
    {{#sections}}
    <section aria-labelledby="{{id}}">
    <h2 id="{{id}}">{{heading}}</h2>
    {{#paragraphs}}
    <p>{{#cells}}\(cell){{/cells}}</p>
    {{/paragraphs}}
    {{#table}}
    <div class="wide" role="region" aria-labelledby="{{id}}" tabindex="0">
    <table>
    <caption>{{caption}}</caption>
    <thead><tr>{{#head}}<th scope="col">\(cell)</th>{{/head}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr>{{#name}}<th scope="row">\(cell)</th>{{/name}}{{#cells}}<td>\(cell)</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{/table}}
    {{#listing}}
    <pre tabindex="0">{{listing}}</pre>
    {{/listing}}
    </section>
    {{/sections}}
    </main>
    <footer><p>{{footer}}</p></footer>
    </body>
    </html>

    """

  private static let cell =
    "{{#isCode}}<code class=\"{{tone}}\">{{text}}</code>{{/isCode}}"
    + "{{^isCode}}<span class=\"{{tone}}\">{{text}}</span>{{/isCode}}"

  /// Colours have a contrast of at least 4.5 to 1 in both schemes.
  static let style = """
    :root{--back:#fff;--text:#1b1f24;--faint:#57606a;--line:#d0d7de;--good:#116329;--bad:#b31d28;\
    --soft:#f6f8fa}
    @media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--faint:#9198a1;\
    --line:#3d444d;--good:#56d364;--bad:#ff8f88;--soft:#161b22}}
    body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
    main,footer{max-width:72rem;margin:0 auto;padding:1rem}
    h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
    .wide{overflow-x:auto}
    table{border-collapse:collapse}
    caption{text-align:left;color:var(--faint);padding-bottom:.4rem}
    th,td{border:1px solid var(--line);padding:.2rem .5rem;text-align:left;vertical-align:top}
    thead th{background:var(--soft)}tbody th{font-weight:normal}
    code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:break-word}
    pre{background:var(--soft);border:1px solid var(--line);padding:.6rem;overflow-x:auto}
    .good{color:var(--good)}.bad{color:var(--bad);font-weight:600}.faint,footer{color:var(--faint)}
    """
}
