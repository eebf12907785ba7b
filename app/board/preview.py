"""The picture that messengers show with a link to an event, drawn when somebody asks for it."""

from __future__ import annotations

import io
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from app.campaigns.queries import get_section_name
from app.events.models import Event
from app.events.wording import public_place, public_when, when_in_short
from app.formatting import locale_info, number

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parent.parent / "static" / "fonts"
OURS = tuple(str(FONTS / f"bricolage-grotesque-{part}.woff2") for part in ("latin", "latin-ext"))
OF_THE_MACHINE = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
)
"""Tried for scripts that ours does not have; where none has them, the words stay away."""
WIDTH, HEIGHT = 1200, 630
EDGE, MARGIN, COLUMN = 26, 72, 720
SECTION_AT, TITLE_AT, TOTAL_AT, BELOW_AT = 62, 114, HEIGHT - 172, HEIGHT - 112
TITLE_SIZES = (84, 72, 60, 50, 42)
FACT_SIZE, GAP = 30, 18
MOST_TITLE_LINES, MOST_FACT_LINES = 3, 2
PAPER, INK, SOFT, RED, BLUE = "#f7f1e5", "#1d1b17", "#5d564a", "#b8322a", "#23507c"
REMEMBERED = 48
"""Pictures that are kept, in each process: some 30 kB each."""


class Words(NamedTuple):
    """All that the picture says; the same words are the same picture."""

    section: str
    title: str
    facts: tuple[str, ...]
    total: str
    below: str
    is_rtl: bool


class Layout(NamedTuple):
    """The lines that fit."""

    title_size: int
    title: list[str]
    facts: list[str]


class Sheet(NamedTuple):
    """What is drawn on, and whether its lines begin on the right."""

    pen: Any
    is_rtl: bool


def draw_preview(event: Event, letters: int) -> bytes:
    """The picture as a PNG, with no more than the public may know."""
    total, below = "", str(_("Come and write a letter"))
    if event.is_cancelled:
        below = str(_("Cancelled"))
    elif letters:
        total = number(letters)
        below = ngettext("letter so far", "letters so far", letters)
    when = public_when(event) if event.has_young_people else when_in_short(event)
    facts = tuple(filter(None, (when, public_place(event))))
    is_rtl = locale_info().dir == "rtl"
    return _draw(Words(get_section_name().name, event.title, facts, total, below, is_rtl))


def lay_out(words: Words) -> Layout:
    """The title as large as the facts and what stands at the foot leave room for."""
    facts = [
        line for fact in words.facts for line in _broken(fact, size=FACT_SIZE)[:MOST_FACT_LINES]
    ]
    foot = TOTAL_AT if words.total else BELOW_AT - GAP
    room = foot - TITLE_AT - GAP - len(facts) * _step(FACT_SIZE)
    for size in TITLE_SIZES:
        title = _broken(words.title, size=size)
        if len(title) <= min(MOST_TITLE_LINES, room // _step(size)):
            break
    return Layout(size, title[:MOST_TITLE_LINES], facts)


@lru_cache(maxsize=REMEMBERED)
def _draw(words: Words) -> bytes:
    # Loaded with the first picture: most servers are never asked for one.
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    sheet = Sheet(ImageDraw.Draw(picture), words.is_rtl)
    _airmail(sheet.pen)
    picture.paste(_postmark(), (60 if words.is_rtl else WIDTH - 400, 96))
    _line(sheet, words.section, SECTION_AT, size=30, colour=SOFT)
    size, title, facts = lay_out(words)
    y = TITLE_AT
    for line in title:
        y = _line(sheet, line, y, size=size, colour=INK)
    y += GAP
    for line in facts:
        y = _line(sheet, line, y, size=FACT_SIZE, colour=SOFT)
    beside = MARGIN
    if words.total:
        _line(sheet, words.total, TOTAL_AT, size=112, colour=RED)
        beside += round(_width(words.total, 112)) + 24
    _line(sheet, words.below, BELOW_AT, size=44, colour=RED, indent=beside)
    file = io.BytesIO()
    picture.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _airmail(pen: Any) -> None:
    for at in range(-EDGE, WIDTH + EDGE, 4 * EDGE):
        for colour, left in ((RED, at), (BLUE, at + 2 * EDGE)):
            corners = [(left + EDGE, 0), (left + 2 * EDGE, 0), (left + EDGE, EDGE), (left, EDGE)]
            pen.polygon(corners, fill=colour)


@cache
def _postmark() -> Any:
    """The round stamp with its five strokes, drawn large and made small so that it is smooth."""
    from PIL import Image, ImageDraw

    stamp = Image.new("RGB", (1360, 1360), PAPER)
    pen = ImageDraw.Draw(stamp)
    for inset, width in ((40, 24), (260, 14)):
        pen.ellipse((inset, inset, 1360 - inset, 1360 - inset), outline=BLUE, width=width)
    for x in (500, 612, 724, 836):
        pen.line((x + 14, 480, x - 14, 880), fill=BLUE, width=40)
    pen.line((400, 826, 960, 534), fill=BLUE, width=40)
    return stamp.rotate(-8, fillcolor=PAPER).resize((340, 340), Image.Resampling.LANCZOS)


def _step(size: int) -> int:
    """From one line to the next."""
    return round(size * 1.22)


def _broken(text: str, *, size: int) -> list[str]:
    """The text in lines that fit beside the stamp; a long word is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, size) > COLUMN:
            lines.append(word)
        else:
            lines[-1] = longer
        while (fitting := _fitting(lines[-1], size)) < len(lines[-1]):
            lines[-1:] = [lines[-1][:fitting], lines[-1][fitting:]]
    return lines


def _fitting(line: str, size: int) -> int:
    """How many of its characters fit into the column, at least one."""
    many = len(line)
    while many > 1 and _width(line[:many], size) > COLUMN:
        many -= 1
    return many


def _width(text: str, size: int) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, size))


def _line(sheet: Sheet, text: str, y: int, *, size: int, colour: str, indent: int = MARGIN) -> int:
    """Write one line and tell where the next begins; no line where no font has its words."""
    runs = _runs(text, size)
    x = WIDTH - indent - _width(text, size) if sheet.is_rtl else float(indent)
    for font, run in runs:
        way = "rtl" if sheet.is_rtl and _is_rtl(run) else None
        sheet.pen.text((x, y), run, font=font, fill=colour, direction=way)
        x += font.getlength(run)
    return y + (_step(size) if runs else 0)


def _runs(text: str, size: int) -> list[tuple[FreeTypeFont, str]]:
    """The text in pieces, each with a font that has all of it; nothing when some has none."""
    runs: list[tuple[FreeTypeFont, str]] = []
    for character in text:
        font = _font_of(character, size)
        if font is None:
            return _whole_run(text, size)
        if runs and runs[-1][0] is font:
            runs[-1] = (font, runs[-1][1] + character)
        else:
            runs.append((font, character))
    return runs


def _whole_run(text: str, size: int) -> list[tuple[FreeTypeFont, str]]:
    """The text by a font of this machine, in one piece: some scripts join their letters."""
    if _is_rtl(text) and not _can_join():
        return []
    for path in OF_THE_MACHINE:
        if Path(path).is_file() and all(_has(path, character) for character in text):
            return [(_load(path, size), text)]
    return []


def _is_rtl(text: str) -> bool:
    """Whether some of it is read from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


@cache
def _can_join() -> bool:
    """Whether this machine has what orders and joins such letters; half of them is no word."""
    from PIL import features

    return bool(features.check("raqm") and features.check("fribidi"))


def _font_of(character: str, size: int) -> FreeTypeFont | None:
    path = next((path for path in OURS if _has(path, character)), None)
    return _load(path, size) if path else None


@lru_cache(maxsize=4096)
def _has(path: str, character: str) -> bool:
    """Whether a font can draw a character: what it cannot, it draws as its box for unknown ones."""
    mask, unknown = (_load(path, 32).getmask(each) for each in (character, "\U0010ffff"))
    return character == " " or (mask.size, bytes(mask)) != (unknown.size, bytes(unknown))


@lru_cache(maxsize=24)
def _load(path: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(path, size)
