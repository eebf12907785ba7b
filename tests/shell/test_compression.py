"""What is compressed: pages, fragments, scripts and sheets; and what makes that safe."""

from __future__ import annotations

import gzip
import time

import brotli
import pytest
from flask import g


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_a_page_is_sent_compressed(shell, encoding, unpack):
    browser = shell.test_client()
    packed = browser.get("/sign-in", headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"</html>" in unpack(packed.data)


def test_a_small_answer_is_left_alone(stranger):
    asked = {"Accept-Encoding": "br", "Accept": "application/json"}
    assert "Content-Encoding" not in stranger.get("/nowhere", headers=asked).headers


def test_a_token_is_signed_anew_for_every_second(shell, monkeypatch):
    tokens = []
    browser = shell.test_client()
    this_second = int(time.time())
    for second in (this_second, this_second + 1):
        monkeypatch.setattr(
            "itsdangerous.timed.TimestampSigner.get_timestamp", lambda _, second=second: second
        )
        with browser:
            browser.get("/sign-in")
            tokens.append(g.csrf_token)
    (payload, _, first), (same, _, second) = (token.split(".") for token in tokens)
    assert payload == same
    assert first != second
