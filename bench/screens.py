"""The pictures of docs/screens: the demo's own pages, drawn anew by Chromium."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from bench.rig.png import with_few_colours
from bench.rig.server import ROOT, answers

PORT = 8450
ADDRESS = "http://letters.example.org"
"""What the pages and QR codes say; the browser alone is told where that is."""
PICTURES = ROOT / "docs" / "screens"
MOST_BYTES = 150_000
SECONDS_TO_START = 90
DESK = {"width": 1280, "height": 800}
HALL = {"width": 1280, "height": 720}
PHONE = {"width": 360, "height": 740}

Facts = dict[str, Any]


class Picture(NamedTuple):
    """One page, as one of those who use it sees it."""

    name: str
    path: str
    who: str = "visitor"
    size: dict[str, int] = DESK
    is_dark: bool = False
    at: str = ""
    """What is looked at, the first that a selector finds; empty for the top of the page."""


def list_pictures(event: str, code: str, upcoming: str) -> list[Picture]:
    """Every picture; events by their slugs, `code` is one of the running one's tables'."""
    own = f"/desk/events/{event}/"
    return [
        Picture("home", "/"),
        Picture("home-dark", "/", is_dark=True),
        Picture("case", "/cases/nour-haddad/"),
        Picture("event", f"/events/{event}/"),
        Picture("live", f"/events/{event}/live"),
        Picture("hall", f"/events/{event}/hall", size=HALL),
        Picture("join", f"/join/{code}", who="passer-by", size=PHONE),
        Picture("table", "/table/", who="volunteer", size=PHONE),
        Picture(
            "sign-up",
            f"/events/{upcoming}/sign-up",
            who="passer-by",
            size=PHONE,
            at="#sign-up-form",
        ),
        Picture("home-arabic", "/?lang=ar"),
        Picture("case-arabic", "/cases/nour-haddad/?lang=ar", who="passer-by", size=PHONE),
        Picture("sign-in", "/sign-in"),
        Picture("desk", "/desk/", who="organiser"),
        Picture("desk-event", own, who="organiser"),
        Picture("tables", f"{own}tables", who="organiser"),
        Picture("letters", f"{own}letters", who="organiser"),
        Picture("sign-ups", f"/desk/events/{upcoming}/sign-ups", who="organiser"),
        Picture("door", f"{own}door", who="doorkeeper", size=PHONE, at=".door-row:nth-child(6)"),
    ]


@contextlib.contextmanager
def demo() -> Iterator[Facts]:
    """The demo as `./run demo` serves it, gone again afterwards; what it told of itself."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LETTERTALLY_")}
    environ |= {"LETTERTALLY_PORT": str(PORT), "LETTERTALLY_PUBLIC_URL": ADDRESS}
    environ |= {"LETTERTALLY_LOG_LEVEL": "error"}
    command = [sys.executable, str(ROOT / "run"), "demo", "--json"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            line = server.stdout.readline()
            if not line:
                sys.exit("The demo did not start.")
            until = time.monotonic() + SECONDS_TO_START
            while not answers(PORT):
                if server.poll() is not None or time.monotonic() > until:
                    sys.exit("The demo does not answer.")
                time.sleep(0.05)
            yield json.loads(line)
        finally:
            server.send_signal(signal.SIGTERM)


def draw(facts: Facts) -> None:
    """Sit down, sign in, and take every picture."""
    from playwright.sync_api import sync_playwright

    running, upcoming = (
        next(event for event in facts["events"] if event["state"] == state)
        for state in ("running", "upcoming")
    )
    code = running["tables"][0]["join_code"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[f"--host-resolver-rules=MAP letters.example.org:80 127.0.0.1:{PORT}"],
        )
        visitor, organiser = new_person(browser), new_person(browser)
        passer_by, volunteer = new_person(browser, PHONE), new_person(browser, PHONE)
        doorkeeper = new_person(browser, PHONE)
        log_some(volunteer, running["tables"][1]["join_code"])
        for who in (organiser, doorkeeper):
            sign_in(who, facts["organisers"][0])
        people = {"visitor": visitor, "organiser": organiser}
        people |= {"passer-by": passer_by, "volunteer": volunteer, "doorkeeper": doorkeeper}
        darkroom = browser.new_page()
        for picture in list_pictures(running["slug"], code, upcoming["slug"]):
            keep(picture, with_few_colours(take(picture, people[picture.who]), darkroom))
        browser.close()


def new_person(browser: Any, size: dict[str, int] = DESK) -> Any:
    """A page in a browser of one's own; a phone's is small and sharp, and nothing moves."""
    context = browser.new_context(
        base_url=ADDRESS,
        viewport=size,
        device_scale_factor=2 if size == PHONE else 1,
        locale="en-GB",
        reduced_motion="reduce",
    )
    return context.new_page()


def log_some(page: Any, code: str) -> None:
    """Join a table on a phone, log two letters, a stack of twelve, and one more."""
    page.goto(f"/join/{code}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/table/")
    for case, quantity in enumerate((1, 1, 12, 1)):
        page.get_by_label("A stack of").fill(str(quantity))
        with page.expect_response("**/table/letters") as answered:
            page.locator("button.press").nth(case % 3).click()
        if not answered.value.ok:
            sys.exit(f"A press was answered {answered.value.status}.")


def sign_in(page: Any, person: dict[str, str]) -> None:
    """Sign in as an organiser of the demo."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(person["email"])
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")


def take(picture: Picture, page: Any) -> bytes:
    """Go there, wait for the typeface, and look; a page that is not well ends it all."""
    page.emulate_media(color_scheme="dark" if picture.is_dark else "light")
    page.set_viewport_size(picture.size)
    answer = page.goto(picture.path)
    if not answer.ok:
        sys.exit(f"{picture.path} was answered {answer.status}.")
    page.evaluate("document.fonts.ready")
    if picture.at:
        page.locator(picture.at).first.evaluate("part => part.scrollIntoView()")
    screenshot: bytes = page.screenshot()
    return screenshot


def keep(picture: Picture, png: bytes) -> None:
    """Write the file, unless it is too big for a page that people read on a phone."""
    file = PICTURES / f"{picture.name}.png"
    file.write_bytes(png)
    print(f"{file.relative_to(ROOT)}  {len(png) / 1000:.0f} kB", flush=True)
    if len(png) > MOST_BYTES:
        sys.exit(f"{file.name} has more than {MOST_BYTES / 1000:.0f} kB.")


def main() -> None:
    """Draw them all."""
    if not shutil.which("chromium") or not (ROOT / ".venv" / "browser.sha256").exists():
        sys.exit("The pictures need Chromium: `./run test --browser` brings what is missing.")
    PICTURES.mkdir(exist_ok=True)
    began = time.monotonic()
    with demo() as facts:
        draw(facts)
    print(f"Drawn in {time.monotonic() - began:.0f} seconds.")


if __name__ == "__main__":
    main()
