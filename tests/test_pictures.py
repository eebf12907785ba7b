"""Pictures that are sent: decoded, made anew, and nothing else of them kept."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zlib
from datetime import timedelta

import pytest
from PIL import Image, ImageChops

from app import clock, pictures
from app.exceptions import NotFound, RuleBroken
from tests.factories import picture

MARK = b"somewhere near 38.7139 N, 9.1394 W"


@pytest.fixture(autouse=True)
def inside(app):
    """In an app, because pictures lie in its folder."""


def make(data: bytes, name: str = "face.png") -> pictures.MadePicture:
    return pictures.make_picture(data, name=name)


def opened(made: pictures.MadePicture, width: int = 640) -> Image.Image:
    image = Image.open(io.BytesIO(made.files[width]))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.JPG"), ("JPEG", "a.jpeg"), ("WEBP", "a.webp")]
)
def test_each_kind_becomes_webp_in_three_sizes(kind, name):
    made = make(picture(kind, (900, 700)), name)
    assert {
        width: (opened(made, width).format, opened(made, width).size) for width in (160, 320, 640)
    } == {
        160: ("WEBP", (160, 200)),
        320: ("WEBP", (320, 400)),
        640: ("WEBP", (640, 800)),
    }


def test_nothing_of_the_file_but_its_picture_is_kept():
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    exif[0x8825] = {1: "N", 2: (38.0, 42.0, 50.0)}
    info = {"exif": exif, "comment": MARK, "xmp": b"<x>" + MARK + b"</x>"}
    sent = picture("JPEG", **info)
    assert MARK in sent
    for data in make(sent, "a.jpg").files.values():
        assert MARK not in data
        image = Image.open(io.BytesIO(data))
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile"} & image.info.keys()


def test_a_picture_lying_on_its_side_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = Image.linear_gradient("L").resize((400, 500)).convert("RGB")
    lying = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(lying, "JPEG", exif=exif, quality=95)
    stood = opened(make(lying.getvalue(), "a.jpg"), 320)
    differences = ImageChops.difference(stood, upright.resize((320, 400))).getextrema()
    assert max(high for _low, high in differences) < 40


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_whatever_its_colours_it_is_shown(mode):
    file = io.BytesIO()
    plain = Image.linear_gradient("L").resize((300, 300))
    (Image.new(mode, (300, 300)) if mode == "I;16" else plain.convert(mode)).save(file, "PNG")
    assert opened(make(file.getvalue())).mode == "RGB"


def test_the_same_picture_has_the_same_name_and_another_has_another():
    assert make(picture()).key == make(picture()).key
    assert make(picture()).key != make(picture(size=(500, 400))).key


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 5_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "nothing": (b"", "a.png", "Send a picture as"),
    "an SVG": (SVG, "a.svg", "Send a picture as"),
    "an SVG called PNG": (SVG, "a.png", "Send a picture as"),
    "a GIF": (picture("GIF"), "a.gif", "Send a picture as"),
    "a TIFF called JPEG": (picture("TIFF"), "a.jpg", "Send a picture as"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "a.png", "Send a picture as"),
    "a sound": (b"RIFF\x24\0\0\0WAVEfmt ", "a.webp", "Send a picture as"),
    "a JPEG called PNG": (picture("JPEG"), "a.png", "name says something else"),
    "a PNG called HTML": (picture(), "a.html", "name says something else"),
    "a PNG without a name": (picture(), "", "name says something else"),
    "a PNG and a page": (picture() + b"<script>alert(1)</script>", "a.png", "something else in"),
    "a WebP and a zip": (picture("WEBP") + b"PK\x03\x04" * 9, "a.webp", "something else in"),
    "too heavy": (picture() + b"\0" * pictures.MOST_BYTES, "a.png", "at most 5 MB"),
    "a bomb": (png_of(5001, 5000), "a.png", "25 megapixels"),
    "a bigger bomb": (png_of(12_000, 9_000), "a.png", ""),
    "the biggest bomb": (png_of(60_000, 60_000), "a.png", ""),
    "too small": (picture(size=(199, 900)), "a.png", "too small"),
    "a PNG that moves": (moving("PNG"), "a.png", "moves"),
    "a WebP that moves": (moving("WEBP"), "a.webp", "moves"),
    "a PNG cut short": (picture()[:-900] + picture()[-12:], "a.png", "damaged or cut short"),
    "a JPEG cut short": (picture("JPEG")[:-900], "a.jpg", "damaged or cut short"),
    "a WebP's head": (b"RIFF\x04\0\0\0WEBP", "a.webp", "damaged or cut short"),
    "a PNG's head": (b"\x89PNG\r\n\x1a\n" + b"IEND", "a.png", "damaged or cut short"),
    "a PNG of 300 in 3": (png_of(300, 9_000), "a.png", "damaged or cut short"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused_in_a_sentence(what):
    data, name, words = REFUSED[what]
    with pytest.raises(RuleBroken) as refusal:
        make(data, name)
    assert (refusal.value.field, refusal.value.status) == ("picture", 422)
    assert words in refusal.value.message
    assert refusal.value.message.endswith(".")


def test_files_are_the_servers_alone():
    made = make(picture())
    pictures.keep_picture(made)
    file = pictures.find_file(f"{made.key}-320.webp")
    assert file.read_bytes() == made.files[320]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert len(list(file.parent.iterdir())) == 3


@pytest.mark.parametrize("name", ["../secret.key", "x", "a" * 64 + "-320.webp", "..", "a" * 64])
def test_no_other_file_is_found(name):
    with pytest.raises(NotFound):
        pictures.find_file(name)


def test_pictures_that_no_row_names_are_cleared_when_they_are_old():
    kept, gone, fresh = (make(picture(size=size)) for size in ((400, 500), (500, 400), (450, 450)))
    for made in (kept, gone, fresh):
        pictures.keep_picture(made)
    now = clock.now()
    folder = pictures.find_file(f"{kept.key}-160.webp").parent
    for file in folder.glob(f"{gone.key}*"):
        long_ago = (now - timedelta(hours=2)).timestamp()
        os.utime(file, (long_ago, long_ago))
    pictures.clear_pictures({kept.key}, now=now)
    assert {file.name[:64] for file in folder.iterdir()} == {kept.key, fresh.key}
    pictures.clear_pictures({kept.key}, gone=[fresh.key, kept.key], now=now)
    assert {file.name[:64] for file in folder.iterdir()} == {kept.key}


def test_a_server_that_gets_no_picture_loads_no_decoder():
    ask = "import sys, app.pictures, app.campaigns.routes; print('PIL' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.split() == ["False"]
