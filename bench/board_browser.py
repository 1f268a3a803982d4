"""How soon is the planner on screen, and how soon does it show a change, with 100 technicians and 5,000 appointments?

A real Chromium opens a week. First paint: from the arrival of the data to the frame that shows it. Update: from a
change of one calendar to the frame that shows it. Scrolling: frames that came late while the rows run by.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure
from bench.support.base import MONDAY, session

FIRST_PAINT, UPDATE = 300, 50  # milliseconds
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# Notes when the board's data have arrived and when the first frame after their blocks stand in the page is done.
WATCH = """
window.bench = {arrived: 0, painted: 0};
const fetched = window.fetch;
window.fetch = async (...given) => {
  const answer = await fetched(...given);
  if (!/\\/board\\?/.test(String(given[0]))) return answer;
  const json = answer.json.bind(answer);
  answer.json = async () => {
    await answer.clone().arrayBuffer();
    window.bench = {arrived: performance.now(), painted: 0};
    return json();
  };
  return answer;
};
const frame = () => requestAnimationFrame(() => setTimeout(() => {
  if (!window.bench.painted) window.bench.painted = performance.now();
}));
new MutationObserver((changes) => {
  if (window.bench.arrived && !window.bench.painted && changes.some(
    (change) => [...change.addedNodes, change.target].some((node) => node.nodeType === 1
      && (node.matches('[data-block]') || node.querySelector?.('[data-block]'))))) frame();
}).observe(document, {childList: true, subtree: true, attributes: true, attributeFilter: ['style']});
"""
# Moves a block by a quarter of an hour: from the key until it stands elsewhere and the page is laid out, and until the
# frame that shows it is done.
MOVE = """
async () => {
  const block = document.querySelector('[data-block][data-bench]');
  const before = block.style.transform;
  const from = performance.now();
  let laidOut = 0;
  const changed = new MutationObserver(() => {
    const now = document.querySelector(`[data-block="${block.dataset.block}"]`);
    if (laidOut || !now || now.style.transform === before) return;
    now.getBoundingClientRect();
    laidOut = performance.now() - from;
  });
  changed.observe(document.querySelector('.scroller'), {childList: true, subtree: true, attributes: true});
  block.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', altKey: true, bubbles: true}));
  return new Promise((done) => {
    const look = () => requestAnimationFrame(() => setTimeout(() => {
      const took = performance.now() - from;
      if (!laidOut && took < 2000) return look();
      changed.disconnect();
      done([laidOut || -1, took]);
    }));
    look();
  });
}
"""
SCROLL = """
async () => {
  const scroller = document.querySelector('.scroller');
  const late = [];
  let last = performance.now();
  for (let step = 0; step < 60; step += 1) {
    scroller.scrollTop += 45;
    await new Promise((next) => requestAnimationFrame(next));
    const now = performance.now();
    late.push(now - last);
    last = now;
  }
  return late;
}
"""


def main() -> None:
    """Fill a company, open its week again and again, move blocks, scroll."""
    options = measure.arguments(__doc__ or "")
    smoke = options.size == "smoke"
    size = data.Size(3_000, 500, 20, 500) if smoke else data.Size(10_000, 2_000, 100, 5_000)
    with installation.database() as url:
        data.fill(url, size)
        signed_in = cookie()  # before the browser's event loop keeps this thread from the database
        with installation.web() as base, sync_playwright() as playwright:
            page = opened(playwright, base, signed_in)
            figures, problems = measured(page, base, 5 if smoke else 15)
    lines = [
        ["first paint after the data", figures["paint_ms"], figures["paint_p95_ms"]],
        ["a move, until the page is laid out", figures["move_ms"], figures["move_p95_ms"]],
        ["a move, until its frame is done", figures["moved_frame_ms"], figures["moved_frame_p95_ms"]],
        ["a refreshed board drawn", figures["redraw_ms"], figures["redraw_p95_ms"]],
        ["a frame while scrolling", figures["frame_ms"], figures["frame_p95_ms"]],
    ]
    measure.table(["", "ms, median", "p95"], lines)
    print(f"{figures['appointments']:,} appointments, {figures['blocks']} of them drawn at once")
    if not smoke:
        problems += slow("first paint", figures["paint_ms"], FIRST_PAINT)
        problems += slow("a move", figures["move_ms"], UPDATE)
        problems += slow("a refreshed board", figures["redraw_ms"], UPDATE)
    measure.finish(options, figures, problems)


def slow(what: str, took: float, most: float) -> list[str]:
    """The complaint about something that takes too long."""
    return [f"{what} took {took:.0f} ms instead of at most {most}"] if took > most else []


def cookie() -> dict[str, str]:
    """The session of the dispatcher."""
    from django.conf import settings

    from callout.accounts.models import User

    return {"name": settings.SESSION_COOKIE_NAME, "value": session(User.objects.get(username="dispatcher"))}


def opened(playwright: Playwright, base: str, signed_in: dict[str, str]) -> Page:
    """A browser in which the dispatcher is signed in."""
    names = filter(None, (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"))
    program = next(filter(None, map(shutil.which, names)), None)
    browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS), headless=True)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": signed_in["name"], "value": signed_in["value"], "url": base}])
    context.add_init_script(WATCH)
    return context.new_page()


def measured(page: Page, base: str, times: int) -> tuple[dict[str, Any], list[str]]:
    """Open the week so many times; move, refresh and scroll in the last one."""
    paints = []
    for _ in range(times + 1):
        page.goto(f"{base}/board/?start={MONDAY}&view=week")
        page.wait_for_function("window.bench.painted > 0", timeout=30_000)
        paints.append(page.evaluate("window.bench.painted - window.bench.arrived"))
    paints = paints[1:]  # the first one also reads the program from the network
    blocks = page.locator("[data-block]").count()
    body = page.evaluate(f"fetch('/api/board?start={MONDAY}&days=7').then((answer) => answer.json())")
    page.evaluate("document.querySelector('[data-block]:not(.fixed)').dataset.bench = '1'")
    moves = []
    for _ in range(times):
        moves.append(page.evaluate(MOVE))
        page.wait_for_timeout(400)
        page.evaluate(
            "(document.querySelector('[data-bench]') || document.querySelector('[data-block]:not(.fixed)'))"
            ".dataset.bench = '1'"
        )
    page.evaluate("performance.clearMeasures('planner:draw')")
    for _ in range(times):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(700)
    redraws = page.evaluate("performance.getEntriesByName('planner:draw').map((entry) => entry.duration)")
    frames = page.evaluate(SCROLL)
    figures: dict[str, Any] = {"appointments": len(body["appointments"]), "blocks": blocks}
    laid_out, shown = zip(*moves, strict=True)
    for name, found in (
        ("paint", paints), ("move", laid_out), ("moved_frame", shown), ("redraw", redraws), ("frame", frames),
    ):  # fmt: skip
        figures |= {f"{name}_ms": measure.median(found), f"{name}_p95_ms": measure.p(found, 95)}
    return figures, ["a move was not shown within two seconds"] if min(laid_out) < 0 else []


if __name__ == "__main__":
    main()
