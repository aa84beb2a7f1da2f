// SPDX-License-Identifier: GPL-2.0-only
//
// Evaluated in a page: what would keep somebody from reading or using it, as a list of sentences.
// The rules are those of WCAG 2.2 that a program can check; each is told with the element at fault.
(() => {
  const complaints = [];
  const complain = (what, element) => {
    const name = element
      ? `<${element.tagName.toLowerCase()}${element.id ? ` id=${element.id}` : ""}> "${
        (element.textContent || "").trim().slice(0, 40)}"` : "";
    complaints.push(`${what} ${name}`.trim());
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) =>
    element.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true });

  // Structure.
  if (!document.documentElement.lang) complain("the page has no language");
  if (!document.title.trim()) complain("the page has no title");
  for (const [selector, count] of [["h1", 1], ["main", 1], ["body > header", 1], ["body > footer", 1]]) {
    if (all(selector).length !== count) complain(`there are ${all(selector).length} of ${selector}`);
  }
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) complain(`a heading of level ${own} follows one of level ${level}`, heading);
    if (!heading.textContent.trim()) complain("a heading is empty", heading);
    level = own;
  }
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) complain(`the id ${id} is there twice`);
  }
  for (const name of ["aria-labelledby", "aria-describedby", "for"]) {
    for (const element of all(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) {
        if (!document.getElementById(id)) complain(`${name} names ${id}, which is not there`, element);
      }
    }
  }
  for (const link of all("a")) {
    const target = link.getAttribute("href") || "";
    if (!target.startsWith("#")) complain(`a link leaves the page: ${target}`, link);
    else if (!document.getElementById(target.slice(1))) complain(`a link leads nowhere: ${target}`, link);
  }

  // Names.
  const nameOf = (element) => {
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent || "").join(" ");
    if (element.labels?.length) return [...element.labels].map((label) => label.textContent).join(" ");
    return element.getAttribute("aria-label") || element.getAttribute("alt") || element.textContent;
  };
  const controls = "a, button, select, input, textarea, summary, [tabindex='0']";
  for (const element of all(controls)) {
    if (!nameOf(element).trim()) complain("a control has no name", element);
  }
  for (const element of all("[tabindex='0']")) {
    if (!element.getAttribute("role") || !element.getAttribute("aria-label")) {
      complain("a scrolling region has no role or no name", element);
    }
  }
  for (const element of all("[tabindex]")) {
    if (element.tabIndex > 0) complain("a control jumps the queue", element);
  }
  for (const picture of all("img, svg")) {
    if (picture.getAttribute("aria-hidden") === "true") continue;
    if (picture.getAttribute("role") !== "img") complain("a picture is not said to be one", picture);
    const by = picture.getAttribute("aria-labelledby") || picture.getAttribute("aria-label");
    if (!by || !nameOf(picture).trim()) complain("a picture has no name", picture);
  }
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) complain("a table has no caption", table);
    if (!table.querySelector("th[scope]")) complain("a table has no headers", table);
  }
  for (const control of all("button, select, summary")) {
    const box = control.getBoundingClientRect();
    if (isShown(control) && (box.width < 24 || box.height < 24)) complain("a control is smaller than a finger", control);
  }

  // Colours.
  const parse = (colour) => {
    const parts = colour.match(/[\d.]+/g)?.map(Number) || [0, 0, 0, 0];
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const over = (top, bottom) =>
    [0, 1, 2].map((part) => top[part] * top[3] + bottom[part] * (1 - top[3])).concat(1);
  const backgroundOf = (element) => {
    if (!element) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, backgroundOf(element.parentElement));
  };
  // In a drawing the background is what was painted before, where the words stand.
  const paintedBelow = (text) => {
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const drawing = text.closest("svg");
    let colour = backgroundOf(drawing);
    for (const shape of drawing.querySelectorAll("rect, text")) {
      if (shape === text) break;
      if (shape.tagName !== "rect") continue;
      const area = shape.getBoundingClientRect();
      const fill = getComputedStyle(shape).fill;
      if (!fill.startsWith("rgb") || x < area.left || x > area.right || y < area.top || y > area.bottom) continue;
      colour = over(parse(fill), colour);
    }
    return colour;
  };
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element) || !isShown(element)) continue;
    if (element.closest("script, style, title, desc, option, .hidden")) continue;
    seen.add(element);
    texts += 1;
    const isDrawn = element.tagName === "text";
    const style = getComputedStyle(element);
    const ink = parse(isDrawn ? style.fill : style.color);
    const paper = isDrawn ? paintedBelow(element) : backgroundOf(element);
    const [light, dark] = [luminance(over(ink, paper)), luminance(paper)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) complain(`a contrast of ${contrast.toFixed(2)} to 1`, element);
  }

  // Drawings: what the browser's own fonts make of the layout.
  for (const drawing of all("svg.tables")) {
    if (!isShown(drawing)) continue;
    const area = drawing.getBoundingClientRect();
    const boxes = [...drawing.querySelectorAll("rect.box")].map((box) => box.getBoundingClientRect());
    for (const text of drawing.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (box.right > area.right + 1 || box.bottom > area.bottom + 1) complain("words leave their drawing", text);
      const own = boxes.find((other) => box.left >= other.left && box.left <= other.right &&
        box.top >= other.top - 2 && box.bottom <= other.bottom + 2);
      if (own && box.right > own.right) complain("words leave their box", text);
    }
  }

  // What no stranger's text may bring.
  for (const element of all("*")) {
    for (const { name } of element.attributes) {
      if (name.startsWith("on") || name === "style" || name === "src" || name === "srcdoc") {
        complain(`an attribute ${name}`, element);
      }
    }
  }
  const scripts = all("script, iframe, object, embed, base, form, link").length;
  if (scripts !== 1) complain(`there are ${scripts} elements that load or run something`);
  return { complaints, texts };
})()
