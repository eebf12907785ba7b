"""The section's two colours: enough contrast to be read, by day and by lamplight."""

from __future__ import annotations

import colorsys
import re
from typing import NamedTuple

LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA, for text of any size."""
DAY_TINT, DAY_SHEET = "#efe5d0", "#fffdf8"
LAMP_TINT, LAMP_SHEET = "#2e2a22", "#221f1a"
"""The quiet fill and the sheet of css/tokens.css: the hardest grounds to be read upon."""
HEX = re.compile("#[0-9a-f]{6}")
STEPS = 40

Rgb = tuple[float, float, float]


class Shades(NamedTuple):
    """A colour, and the wash behind words in that colour, by day and by lamplight."""

    day: str
    day_wash: str
    lamp: str
    lamp_wash: str


def is_legible(colour: str) -> bool:
    """Whether words in this colour can be read upon everything they stand on, and white upon it."""
    return contrast(colour, DAY_TINT) >= LEAST_CONTRAST


def nearest_legible(colour: str) -> str:
    """The same hue, only as much darker as it must be."""
    return next(shade for shade in _towards(colour, to=0.0) if is_legible(shade))


def shades_of(colour: str) -> Shades:
    """What a colour becomes in both lights; each can be read upon its wash."""
    lamp = next(
        shade for shade in _towards(colour, to=1.0) if contrast(shade, LAMP_TINT) >= LEAST_CONTRAST
    )
    return Shades(colour, _wash(colour, DAY_SHEET), lamp, _wash(lamp, LAMP_SHEET))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG counts it, 1 to 21."""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def write_sheet(act: str, link: str) -> str:
    """A style sheet with these colours in the place of ours; an empty one leaves ours."""
    day: list[str] = []
    lamp: list[str] = []
    for name, colour in (("red", act), ("blue", link)):
        if colour:
            shades = shades_of(colour)
            day += [f"--{name}: {shades.day};", f"--{name}-wash: {shades.day_wash};"]
            lamp += [f"--{name}: {shades.lamp};", f"--{name}-wash: {shades.lamp_wash};"]
    by_day, by_lamp = " ".join(day), " ".join(lamp)
    return (
        f"@layer tokens {{ :root {{ {by_day} }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {by_lamp} }} }} }}\n"
    )


def _wash(colour: str, sheet: str) -> str:
    """A breath of the colour upon the sheet, fainter where it could not be read otherwise."""
    mixes = (_mix(colour, sheet, part / 100) for part in range(12, -1, -2))
    return next(mix for mix in mixes if contrast(colour, mix) >= LEAST_CONTRAST)


def _towards(colour: str, *, to: float) -> list[str]:
    """The colour, and step by step the same hue until it is black or white."""
    hue, light, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    lights = (light + (to - light) * step / STEPS for step in range(1, STEPS + 1))
    return [colour, *(_hex(colorsys.hls_to_rgb(hue, each, saturation)) for each in lights)]


def _mix(colour: str, ground: str, part: float) -> str:
    mixed = (a * part + b * (1 - part) for a, b in zip(_rgb(colour), _rgb(ground), strict=True))
    red, green, blue = mixed
    return _hex((red, green, blue))


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
