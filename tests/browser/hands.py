"""How somebody reaches what a page offers: with a mouse, or with the keyboard alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Protocol

from playwright.sync_api import ElementHandle, Locator, Page, expect
from playwright.sync_api import Keyboard as Keys

MOST_STOPS = 2000
"""More than the longest page of any journey has."""
LOOKS = 30
"""What gives way to the focus does so with one of the next pictures that are drawn."""
NEXT_PICTURE = "() => new Promise((drawn) => requestAnimationFrame(drawn))"
LOOK = """target => {
  const one = document.activeElement;
  if (!one || one === document.body) return {stop: null, isThere: false, fault: ""};
  const {top, bottom, left, right} = one.getBoundingClientRect();
  const [width, height] = [right - left, bottom - top];
  const shown = {
    top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight),
    left: Math.max(left, 0), right: Math.min(right, innerWidth),
  };
  const writes = one.matches("textarea");
  const isMarked = [one, one.closest("[class*=card]:focus-within")].some((each) => {
    if (!each) return false;
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(each);
    const isClear = / 0\\)$|transparent/.test(outlineColor);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !isClear;
  });
  // The first line of what runs over several; points off the edges, which may be round.
  const box = one.getClientRects()[0] ?? one.getBoundingClientRect();
  const shows = (across, down) => {
    const hit = document.elementFromPoint(
      Math.min(Math.max(box.left + across * box.width, 1), innerWidth - 1),
      Math.min(Math.max(box.top + down * box.height, 1), innerHeight - 1),
    );
    return one.contains(hit) || [...(one.labels ?? [])].some((each) => each.contains(hit));
  };
  let fault = "";
  if (width <= 1 || height <= 1) fault = "too small to be seen";
  // Of a big field its caret is brought into sight, and not always every line.
  else if (shown.bottom - shown.top < Math.min(height - 2, writes ? 40 : innerHeight / 2)
    || shown.right - shown.left < Math.min(width - 2, innerWidth / 2)) fault = "out of the window";
  // Inside a field for dates, its calendar button draws the browser's own ring.
  else if (!isMarked && one.matches(":focus")) fault = "without a ring";
  else if (![[0.5, 0.5], [0.5, 0.1], [0.5, 0.9], [0.1, 0.5], [0.9, 0.5]].every(
    ([across, down]) => shows(across, down))) fault = "covered";
  return {stop: one.outerHTML.slice(0, 120), isThere: one === target, fault};
}"""
IS_NEARER_FROM_THE_END = """target => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex]";
  const stops = [...document.querySelectorAll(all)];
  const ahead = stops.indexOf(target) - stops.indexOf(document.activeElement);
  return (ahead + stops.length) % stops.length > stops.length / 2;
}"""


def look(target: ElementHandle) -> Any:
    """Where the focus is, whether that is the target, and what is wrong with the place."""
    for _again in range(LOOKS):
        seen = target.evaluate(LOOK)
        if not seen["fault"]:
            break
        target.evaluate(NEXT_PICTURE)
    return seen


class Unreachable(AssertionError):
    """No key leads there, or the way cannot be seen."""


class File(NamedTuple):
    """Something on somebody's disk."""

    name: str
    type: str
    content: bytes

    @property
    def payload(self) -> Any:
        """As the browser is given it."""
        return {"name": self.name, "mimeType": self.type, "buffer": self.content}


class Hand(Protocol):
    """What a hand does with a control, whatever it holds."""

    def activates(self, control: Locator) -> None:
        """A button or a link."""

    def writes(self, control: Locator, words: str) -> None:
        """Over what stands there."""

    def sets_time(self, control: Locator, moment: datetime) -> None:
        """In a field for a day and a time."""

    def ticks(self, control: Locator) -> None:
        """A box that is empty."""

    def chooses(self, control: Locator, value: str) -> None:
        """One of a list."""

    def hands_in(self, control: Locator, file: File) -> None:
        """From the disk."""


class Mouse:
    """One that points at things."""

    def activates(self, control: Locator) -> None:
        control.click()

    def writes(self, control: Locator, words: str) -> None:
        control.fill(words)

    def sets_time(self, control: Locator, moment: datetime) -> None:
        control.fill(f"{moment:%Y-%m-%dT%H:%M}")

    def ticks(self, control: Locator) -> None:
        control.check()

    def chooses(self, control: Locator, value: str) -> None:
        control.select_option(value)

    def hands_in(self, control: Locator, file: File) -> None:
        control.set_input_files(file.payload)


class Keyboard:
    """One that only presses keys, and sees where it is at every stop."""

    def activates(self, control: Locator) -> None:
        self.reaches(control).press("Enter")

    def writes(self, control: Locator, words: str) -> None:
        keyboard = self.reaches(control)
        keyboard.press("Control+a")
        keyboard.type(words)

    def sets_time(self, control: Locator, moment: datetime) -> None:
        # From behind one comes to its calendar first.
        keyboard = self.reaches(control, "Tab")
        keyboard.type(f"{moment:%m%d%Y}")
        keyboard.press("Tab")
        keyboard.type(f"{moment:%I%M%p}")
        expect(control).to_have_value(f"{moment:%Y-%m-%dT%H:%M}")

    def ticks(self, control: Locator) -> None:
        self.reaches(control).press("Space")
        expect(control).to_be_checked()

    def chooses(self, control: Locator, value: str) -> None:
        keyboard = self.reaches(control)
        keyboard.type(control.locator(f"option[value='{value}']").inner_text())
        expect(control).to_have_value(value)

    def hands_in(self, control: Locator, file: File) -> None:
        # Whoever listens only when the key is struck may come too late.
        control.page.on("filechooser", lambda _chooser: None)
        keyboard = self.reaches(control)
        with control.page.expect_file_chooser() as opened:
            keyboard.press("Space")
        opened.value.set_files(file.payload)

    def reaches(self, control: Locator, key: str = "") -> Keys:
        """Press Tab until it has the focus, or with Shift where that is nearer; the keyboard.

        Raises Unreachable where a stop cannot be seen, and when all have been and it was none.
        """
        target, keyboard = control.element_handle(), control.page.keyboard
        key = key or ("Shift+Tab" if target.evaluate(IS_NEARER_FROM_THE_END) else "Tab")
        rounds = 0
        if look(target)["isThere"]:
            return keyboard
        for _stop in range(MOST_STOPS):
            keyboard.press(key)
            seen = look(target)
            if seen["fault"]:
                raise Unreachable(f"{seen['fault']}: {seen['stop']}")
            if seen["isThere"]:
                return keyboard
            rounds += seen["stop"] is None
            if rounds > 1:
                break
        raise Unreachable(f"no {key} leads to {control}")

    def walks(self, page: Page) -> list[str]:
        """Press Tab to the end of the page; the stops that cannot be seen, and why."""
        body, faults = page.locator("body").element_handle(), []
        for _stop in range(MOST_STOPS):
            page.keyboard.press("Tab")
            seen = look(body)
            if seen["stop"] is None:
                return faults
            if seen["fault"]:
                faults.append(f"{seen['fault']}: {seen['stop']}")
        return [*faults, "no end of stops"]
