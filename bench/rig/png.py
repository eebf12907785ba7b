"""Small PNG files: a screenshot redrawn with the 256 colours that it has most of."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

COUNT_COLOURS = """
async (screenshot) => {
  const image = new Image();
  image.src = "data:image/png;base64," + screenshot;
  await image.decode();
  const { width, height } = image;
  const drawing = new OffscreenCanvas(width, height).getContext("2d");
  drawing.drawImage(image, 0, 0);
  const pixels = drawing.getImageData(0, 0, width, height).data;
  const colours = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  // Neighbours share a place, so that a soft edge does not take all of them.
  const places = new Map();
  for (const [colour, count] of colours) {
    const place = colour & 0xfcfcfc;
    const known = places.get(place) ?? { colour, count: 0, most: 0 };
    if (count > known.most) Object.assign(known, { colour, most: count });
    known.count += count;
    places.set(place, known);
  }
  const best = [...places.values()].sort((a, b) => b.count - a.count).slice(0, 256);
  const palette = best.map((each) => each.colour);
  const apart = (a, b) =>
    [16, 8, 0].reduce((sum, bit) => sum + (((a >> bit) & 255) - ((b >> bit) & 255)) ** 2, 0);
  const nearest = (colour) =>
    palette.reduce((found, each, n) =>
      apart(colour, each) < apart(colour, palette[found]) ? n : found, 0);
  for (const colour of colours.keys()) colours.set(colour, nearest(colour));
  const indices = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at += 4) {
    indices[at / 4] = colours.get((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]);
  }
  let text = "";
  for (let row = 0; row < height; row += 1) {
    text += String.fromCharCode(...indices.subarray(row * width, (row + 1) * width));
  }
  return { width, height, palette, indices: btoa(text) };
}
"""


def with_few_colours(screenshot: bytes, page: Any) -> bytes:
    """The same picture with a palette; `page` is a blank one, whose browser reads the pixels."""
    drawn = page.evaluate(COUNT_COLOURS, base64.b64encode(screenshot).decode())
    width, height = drawn["width"], drawn["height"]
    indices = base64.b64decode(drawn["indices"])
    # A zero before each row says that it is not filtered, which suits palettes best.
    rows = b"".join(b"\0" + indices[at : at + width] for at in range(0, len(indices), width))
    palette = b"".join(colour.to_bytes(3, "big") for colour in drawn["palette"])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
