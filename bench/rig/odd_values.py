"""What no form was made for: texts, bytes, JSON and files that something may stumble over."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import random
import struct
import warnings
import zipfile
import zlib
from typing import Any

TEXTS = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "0",
        "-0",
        "-1",
        "+5",
        "5.0",
        "1e309",
        "NaN",
        "Infinity",
        "1_000",
        "0x10",
    ),
    *("2147483647", "2147483648", "9223372036854775808", "9" * 30, "9" * 5000, "-" + "9" * 40),
    *("٣", "２", "½", "Ⅷ", "null", "None", "true", "undefined", "[]", "{}", "[[", '{"a":1'),
    *("\0", "a\0b", "\x1b[31m", "\x7f", "\x85", "\r\nSet-Cookie: a=b", "a\r\n\r\nb", "\u2028"),
    *("\ufeff", "\ufffe", "\uffff", "\ud800", "a\udfffb", "\u202eevil\u202c", "\u2066x", "\u200b"),
    *("é", "e\u0301", "e" + "\u0301" * 500, "ﷺ" * 50, "İ", "ß", "ǅ", "ﬁ", "Ω", "K"),
    *(
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈" * 40,
        "مرحبا بالعالم",
        "မြန်မာ",
        "日本語" * 60,
        "𝕳𝖊𝖑𝖑𝖔",
        "\U0010ffff",
        "\U000e0001",
    ),
    *("A" * 300, "A" * 70_000, "ü" * 9_000, "a b " * 4_000, "<p>" * 3_000, "[" * 9_000, "> " * 900),
    *("../../etc/passwd", "..\\..\\x", "/", "//evil.example", "file:///etc/passwd", "CON", "~"),
    *("' OR 1=1 --", '"; DROP TABLE entry; --', "%s%n%x", "{{7*7}}", "${7*7}", "%00", "%zz", "%"),
    *(
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "`",
        "\\",
    ),
    *("2026-02-30", "2026-13-45", "0000-00-00", "0001-01-01", "9999-12-31", "12/24/2026"),
    *("2026-02-30T25:61", "0001-01-01T00:00", "9999-12-31T23:59", "2026-03-29T02:30", "T", "-1:00"),
    *("UTC", "Europe/../UTC", "Factory", "localtime", "Etc/GMT+99", "en", "xx", "ar-XB", "zz_ZZ.x"),
    *("a@b", "@", "a@" + "b" * 300 + ".org", '"a b"@example.org', "a@[::1]", "ä@ö.example"),
    *("ffffff", "ffff00", "000000"),
    *("http://[", "http://a:b:c", "https://" + "a" * 3000, "//", "#fff", "#12", "00000000"),
    *(
        "00000000-0000-0000-0000-000000000000",
        "ABCDEFGH",
        "IIIIIIII",
        "(" * 300,
        "a" * 64,
        "(a+)+$",
    ),
)
RAW = (
    *(
        b"\xff\xfe",
        b"\x80",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
        b"\xc3",
    ),
    *(
        b"%",
        b"%z",
        b"%00",
        b"%u0041",
        b"%c3%28",
        b"%ed%a0%80",
        b"%2e%2e%2f",
        b"%0d%0a",
        b"%25" * 50,
    ),
)
"""As they go over the wire: broken UTF-8 and broken percent-encoding."""
CASES, SUMS = "cases.json", "checksums.txt"
"""What is in a file of cases."""
NUMBERS = (0, -1, 1.5, 1e308, 2**31, 2**63, 2**64, 10**40, float("nan"), float("inf"))


def odd_text(dice: random.Random) -> str:
    """A text that nobody types, by chance with a decent one around it."""
    text = dice.choice(TEXTS)
    return text if dice.random() < 0.8 else f"Amina {text} Farsi"


def odd_bytes(dice: random.Random) -> bytes:
    """The same in UTF-8, surrogates and all; sometimes no UTF-8 at all."""
    if dice.random() < 0.12:
        return dice.choice(RAW)
    return odd_text(dice).encode("utf-8", "surrogatepass")


def odd_json(dice: random.Random, like: Any = None) -> bytes:
    """JSON beside the mark: too deep, with doubled keys, with what JSON does not know; or `like`
    one that is right, some of its values exchanged."""
    if like is not None and dice.random() < 0.8:
        value = copy.deepcopy(like)
        for _ in range(dice.choice((1, 1, 2, 5))):
            value = _with_a_fault(value, dice)
        return json.dumps(value).encode("utf-8", "surrogatepass")
    depth = dice.choice((50, 2_000, 60_000))
    return dice.choice(
        (
            b"[" * depth + b"]" * depth,
            b'{"a":' * depth + b"1" + b"}" * depth,
            b'{"name": 1, "name": "x", "name": null}',
            b'{"year": 1' + b"0" * 6000 + b"}",
            b'[NaN, Infinity, -Infinity, 1e999, "\\ud800"]',
            b'"\\ud83d"',
            b"\xef\xbb\xbf[]",
            b"\xff\xfe[\x00]\x00",
            b"",
            b"nul",
            odd_bytes(dice),
        )
    )


def _with_a_fault(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        if dice.random() < 0.1:
            del value[key]
        else:
            value[key] = _with_a_fault(value[key], dice)
        return value
    if isinstance(value, list) and value and dice.random() < 0.9:
        at = dice.randrange(len(value))
        value[at] = _with_a_fault(value[at], dice)
        return value
    others = (None, True, [], {}, [[]], {"": ""}, [None], odd_text(dice), dice.choice(NUMBERS))
    return dice.choice(others)


def odd_file(dice: random.Random, like: bytes = b"") -> tuple[str, str, bytes]:
    """Name, media type and content of an upload; made from `like`, a right one, if there is one."""
    name = dice.choice(
        (
            "a.png",
            "a.zip",
            "a.csv",
            "a.json",
            "",
            "../../a.webp",
            "a\0.png",
            "ü\u202e.gnp",
            "x" * 400,
        )
    )
    media_type = dice.choice(
        ("image/png", "application/zip", "text/csv", "text/plain", "", "x", "image/svg+xml", "\xff")
    )
    maker = dice.choice((odd_picture, odd_zip, odd_csv, odd_csv))
    content = maker(dice) if not like or dice.random() < 0.3 else _changed(like, dice)
    return name, media_type, content


def _changed(content: bytes, dice: random.Random) -> bytes:
    """A right file with something wrong in it; inside of what is packed, too."""
    if content.startswith(b"PK") and dice.random() < 0.8:
        return _repacked(content, dice)
    if content.lstrip()[:1] in (b"{", b"[") and dice.random() < 0.8:
        return odd_json(dice, json.loads(content))
    if content[:1].isascii() and b"\n" in content[:4000] and dice.random() < 0.7:
        return _with_odd_cells(content, dice)
    cut = dice.randrange(len(content) + 1)
    noise = dice.randbytes(dice.choice((1, 4, 300)))
    return dice.choice((content[:cut], content[:cut] + noise + content[cut + len(noise) :]))


def _with_odd_cells(content: bytes, dice: random.Random) -> bytes:
    lines = content.split(b"\n")
    for _ in range(dice.choice((1, 3, 10))):
        at = dice.randrange(len(lines))
        cells = lines[at].split(b",")
        cells[dice.randrange(len(cells))] = odd_bytes(dice)
        lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _repacked(content: bytes, dice: random.Random) -> bytes:
    """The same zip; one of its files has changed, has left, or has come twice.

    The sums in it are mostly mended, so that somebody reads on.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        members = [(name, old.read(name)) for name in old.namelist() if name != SUMS]
    names = [name for name, _body in members]
    at = dice.randrange(len(members))
    # A workbook is a zip as well, without cases.
    at = names.index(CASES) if dice.random() >= 0.5 and CASES in names else at
    name, body = members[at]
    changed = [] if dice.random() < 0.1 else [(name, _changed(body, dice))]
    members[at : at + 1] = changed * dice.choice((1, 1, 1, 1, 2))
    if dice.random() < 0.1:
        members.append((dice.choice(("../x", "/x", "a" * 300, "cases/\ufffe")), b"x"))
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in members)
    members.append((SUMS, sums.encode() if dice.random() < 0.9 else b"x"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Twice the same name is meant.
        for name, body in members:
            new.writestr(zipfile.ZipInfo(name), body)
    return packed.getvalue()


def odd_picture(dice: random.Random) -> bytes:
    """A picture that is none, or is cut off, or says it is as large as a town."""
    side = dice.choice((0, 1, 2**16, 2**31 - 1))
    png = _png(side, side, zlib.compress(b"\0\xff\0\0"))
    return dice.choice(
        (
            *(png, png[:40], png[:-7], _png(1, 1, b"no zlib"), _png(1, 1, zlib.compress(b""))),
            *(b"GIF89a" + dice.randbytes(50), b"\xff\xd8\xff\xe0" + dice.randbytes(200)),
            *(b"RIFF\xff\xff\xff\xffWEBPVP8X" + dice.randbytes(60), b"BM" + dice.randbytes(60)),
            *(b"<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>", b"", dice.randbytes(900)),
            *(b"II*\0" + dice.randbytes(80), b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        )
    )


def _png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def odd_zip(dice: random.Random) -> bytes:
    """A zip with paths that lead out, a bomb, doubled names, or no zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dice.choice(
            (("cases.json",), ("../../x", "/etc/x", "C:\\x"), ("cases.json", "pictures/"), ())
        ):
            body = dice.choice((b"\0" * 3_000_000, odd_json(dice), b"{}", odd_bytes(dice)))
            new.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    content = packed.getvalue()
    return dice.choice(
        (content, content, content[: len(content) // 2], b"PK\x03\x04" + content[9:])
    )


def odd_csv(dice: random.Random) -> bytes:
    """A list with odd cells, odd separators, in any encoding, quotes left open."""
    mark = dice.choice((",", ";", "\t", "|", "\0"))
    rows = [
        mark.join(odd_text(dice)[:400] for _ in range(dice.choice((1, 3, 12))))
        for _ in range(dice.choice((1, 3, 40)))
    ]
    head = dice.choice(
        ("name,email", "name;kind;town", "year,total,whose", "e-mail,e-mail", '"', "")
    )
    text = "\n".join([head, *rows]) + dice.choice(("", '"', "\r", "\n\n"))
    encoding = dice.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"))
    return text.encode(encoding, "surrogatepass")
