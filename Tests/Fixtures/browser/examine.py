#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Opens a page in a headless Chromium and says, as JSON, what is wrong with it.

    examine.py CHROMIUM PAGE [FOLDER-FOR-SCREENSHOTS]

The browser is driven over a pipe with its own protocol (DevTools); nothing but Python's own
library is needed. The answer has "complaints" (sentences), "requests" (addresses that were asked
for), "reached" (how many controls the keyboard reaches) and "texts" (how many pieces of text had
their contrast measured)."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

AUDIT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit.js")
PHONE = 360


class Browser:
    """A headless Chromium at the other end of two pipes."""

    def __init__(self, program, folder):
        down, self.to_browser = os.pipe()
        self.from_browser, up = os.pipe()

        def place():
            # The browser reads commands from descriptor 3 and writes answers to 4.
            low, high = os.dup(down), os.dup(up)
            while low in (3, 4):
                low = os.dup(down)
            while high in (3, 4):
                high = os.dup(up)
            os.dup2(low, 3)
            os.dup2(high, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--user-data-dir=" + folder, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=place)
        os.close(down)
        os.close(up)
        self.number = 0
        self.rest = b""
        self.events = []
        self.session = None

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.from_browser, 1 << 16)
            if not piece:
                raise SystemExit("examine.py: the browser went away")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **parameters):
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(command).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"examine.py: {method}: {answer['error']}")
                return answer.get("result", {})
            self.events.append(answer)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def value(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True,
                          awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"examine.py: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key, code, text=None):
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                     windowsVirtualKeyCode=code, **more)

    def end(self):
        self.session = None
        try:
            self.ask("Browser.close")
        except (SystemExit, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def open_page(browser, address):
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.ask(domain + ".enable")
    browser.events.clear()
    browser.ask("Page.navigate", url=address)
    browser.wait("Page.loadEventFired")
    time.sleep(0.3)


def heard(browser):
    """What the console said, and which addresses were asked for."""
    complaints, requests = [], []
    browser.value("0")
    for event in browser.events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            complaints.append("a script fails: " + json.dumps(parameters["exceptionDetails"])[:300])
        elif method == "Runtime.consoleAPICalled":
            complaints.append("the console says: " + json.dumps(parameters["args"])[:300])
        elif method == "Log.entryAdded":
            complaints.append("the browser says: " + parameters["entry"]["text"][:300])
        elif method == "Network.requestWillBeSent":
            requests.append(parameters["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            complaints.append("a dialogue opens: " + parameters["message"][:300])
    return complaints, requests


def look(browser, scheme):
    browser.ask("Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": scheme}])


def resize(browser, width, height):
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                deviceScaleFactor=1, mobile=width == PHONE)


def screenshot(browser, path):
    picture = browser.ask("Page.captureScreenshot", captureBeyondViewport=True, format="png")
    with open(path, "wb") as file:
        file.write(base64.b64decode(picture["data"]))


def overflow(browser, when):
    width = browser.value("document.documentElement.scrollWidth")
    if width <= PHONE:
        return []
    widest = browser.value("""[...document.querySelectorAll('body *')]
      .filter(e => !e.closest('.scroll, .hidden') && e.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 3).map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 30)).join('; ')""")
    return [f"at {PHONE} pixels the page is {width} wide {when}: {widest}"]


def keyboard(browser):
    """Goes through the page by Tab alone: every control that is shown is reached, and is seen to be."""
    complaints = []
    expected = browser.value("""(() => { window.examined = [...document.querySelectorAll(
      "a[href], button, select, summary, [tabindex='0']")].filter(e => e.checkVisibility());
      return examined.length; })()""")
    reached = []
    browser.value("examined[0].focus()")
    for _ in range(expected + 2):
        place, outline = browser.value("""(() => { const e = document.activeElement;
          const s = getComputedStyle(e);
          return [examined.indexOf(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; })()""")
        if place in reached:
            break
        if place >= 0:
            reached.append(place)
            if not outline:
                complaints.append(f"focus is not seen on control {place}")
        browser.press("Tab", 9)
    if reached != sorted(reached):
        complaints.append("focus does not go in the order of the page")
    missed = set(range(expected)) - set(reached)
    if missed:
        names = browser.value(
            f"{json.dumps(sorted(missed)[:3])}.map(i => examined[i].outerHTML.slice(0, 80)).join('; ')")
        complaints.append(f"the keyboard does not reach {len(missed)} of {expected} controls: {names}")
    return complaints, len(reached)


def skip(browser):
    browser.value("scrollTo(0, 0); document.activeElement.blur(); document.querySelector('.skip').focus()")
    browser.press("Enter", 13, "\r")
    if not browser.value("document.activeElement.id === 'content'"):
        return ["the skip link does not lead to the content"]
    return []


def details(browser):
    if not browser.value("!!document.querySelector('main details')"):
        return []
    browser.value("document.querySelector('main details > summary').focus()")
    before = browser.value("document.querySelector('main details').open")
    browser.press("Enter", 13, "\r")
    if browser.value("document.querySelector('main details').open") == before:
        return ["Enter does not open or close what is folded"]
    browser.press("Enter", 13, "\r")
    return []


def copying(browser):
    if not browser.value("!!document.querySelector('button[data-copies]')"):
        return []
    browser.session, session = None, browser.session
    browser.ask("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.session = session
    expected = browser.value("""(() => { const b = document.querySelector('button[data-copies]');
      for (let d = b.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
      b.focus(); return document.getElementById(b.dataset.copies).textContent; })()""")
    browser.press("Enter", 13, "\r")
    time.sleep(0.3)
    complaints = []
    if browser.value("document.getElementById('said').textContent") != "Copied":
        complaints.append("nobody is told that the command was copied")
    if browser.value("navigator.clipboard.readText()") != expected:
        complaints.append("the clipboard does not hold the command")
    return complaints


def forced(browser):
    """The control for colours goes over the system's wish."""
    look(browser, "light")
    light = browser.value("getComputedStyle(document.body).backgroundColor")
    browser.value("""(() => { const s = document.getElementById('scheme'); s.value = 'dark';
      s.dispatchEvent(new Event('change')); })()""")
    dark = browser.value("getComputedStyle(document.body).backgroundColor")
    browser.value("""(() => { const s = document.getElementById('scheme'); s.value = '';
      s.dispatchEvent(new Event('change')); })()""")
    look(browser, "dark")
    wished = browser.value("getComputedStyle(document.body).backgroundColor")
    return [] if light != dark == wished else [f"colours: light {light}, dark {dark}, by the system {wished}"]


def examine(browser, page, pictures):
    address = "file://" + os.path.abspath(page)
    open_page(browser, address)
    name = os.path.splitext(os.path.basename(page))[0]
    complaints, texts = [], 0
    for width, height in ((1280, 900), (PHONE, 740)):
        resize(browser, width, height)
        for scheme in ("light", "dark"):
            look(browser, scheme)
            if pictures:
                screenshot(browser, os.path.join(pictures, f"{name}-{width}-{scheme}.png"))
        if width == PHONE:
            complaints += overflow(browser, "as it opens")
    complaints += skip(browser) + details(browser) + copying(browser) + forced(browser)
    for part, unfold in (("folded", False), ("unfolded", True)):
        if unfold:
            browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            complaints += overflow(browser, "with all unfolded")
            if pictures:
                look(browser, "light")
                resize(browser, 1280, 900)
                screenshot(browser, os.path.join(pictures, f"{name}-unfolded.png"))
        for scheme in ("light", "dark"):
            look(browser, scheme)
            with open(AUDIT, encoding="utf-8") as file:
                audit = browser.value(file.read())
            complaints += [f"{what} ({scheme}, {part})" for what in audit["complaints"]]
            texts = max(texts, audit["texts"])
    found, reached = keyboard(browser)
    said, requests = heard(browser)
    return {"complaints": complaints + found + said, "reached": reached, "texts": texts,
            "requests": [one for one in requests if one != address]}


def main():
    program, page = sys.argv[1:3]
    pictures = sys.argv[3] if len(sys.argv) > 3 else None
    folder = tempfile.mkdtemp(prefix="mhpcheck-browser-")
    browser = Browser(program, folder)
    try:
        print(json.dumps(examine(browser, page, pictures), indent=1))
    finally:
        browser.end()
        shutil.rmtree(folder, ignore_errors=True)


main()
