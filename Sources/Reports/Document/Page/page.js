"use strict";
(() => {
  const said = document.getElementById("said");
  const say = (words) => { said.textContent = ""; said.textContent = words; };

  const put = async (text, node) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Where the page may not use the clipboard, what is selected can still be copied.
      const selection = getSelection();
      selection.selectAllChildren(node);
      return document.execCommand("copy");
    }
  };
  for (const button of document.querySelectorAll("button[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const node = document.getElementById(button.dataset.copies);
      const done = await put(node.textContent, node);
      say(done ? said.dataset.copied : said.dataset.selected);
      button.classList.toggle("done", done);
      setTimeout(() => button.classList.remove("done"), 1500);
    });
  }

  // A link to what is folded opens it, even when the address already has it.
  const unfold = (hash) => {
    const part = document.getElementById(hash.slice(1));
    for (let fold = part?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href^='#']");
    if (link) unfold(link.hash);
  });
  addEventListener("hashchange", () => unfold(location.hash));
  unfold(location.hash);

  const scheme = document.getElementById("scheme");
  scheme.parentElement.hidden = false;
  scheme.addEventListener("change", () => {
    if (scheme.value) document.documentElement.dataset.scheme = scheme.value;
    else delete document.documentElement.dataset.scheme;
  });

  // Where a drawing is wider than the page, what it marks is in sight.
  const show = (drawing) => {
    const mark = drawing.querySelector(".row.marked, .box.marked");
    if (!mark || drawing.scrollLeft) return;
    const over = mark.getBoundingClientRect().right - drawing.getBoundingClientRect().right;
    if (over > 0) drawing.scrollLeft = over + 16;
  };

  // Only what scrolls has to be reached to be scrolled.
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) {
        target.tabIndex = 0;
        show(target);
      } else {
        target.removeAttribute("tabindex");
      }
    }
  });
  for (const part of document.querySelectorAll(".scroll")) watch.observe(part);
})();
