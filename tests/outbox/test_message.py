"""What goes over the line: every name and text byte for byte, and nothing that breaks out."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.addresses import ascii_address
from app.outbox.message import Envelope, compose
from app.outbox.writing import Mail

NAMES = (
    "Ana, “the” (x) <y@z>",
    'Quote " and \\ back',
    "👨‍👩‍👧‍👦 family of Zoë",
    "\u202eturned round\u202c",
    "café",
    "cafe\u0301",
    "မြန်မာ စာရေးခြင်း",
    "فرع الرسائل الطويل جدا للكتابة من أجل الحقوق في كل مكان وزمان",
    "测试 " * 25 + "x",
    "a" * 200,
    "Bob =?utf-8?q?x?= and two  spaces",
    "  spaces around  ",
)
CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Café 👨‍👩‍👧‍👦\r\nEND:VCALENDAR\r\n"


def composed(subject="S", text="T\n", html="<p>T</p>", calendar="", name="", to="b@example.org"):
    envelope = Envelope(
        "letters@example.org", name, to, "1@example.org", datetime(2026, 12, 10, tzinfo=UTC)
    )
    return compose(Mail(subject, text, html, calendar), envelope)


def read(data):
    return email.message_from_bytes(data, policy=email.policy.default)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_comes_out_as_it_went_in(name):
    data = composed(subject=name, text=f"{name}\n", html=f"<p>{name}</p>", name=name)
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    head = email.message_from_bytes(data)
    shown, address = email.utils.parseaddr(head["From"].replace("\r\n", ""))
    assert (str(make_header(decode_header(shown))), address) == (name, "letters@example.org")
    assert str(make_header(decode_header(head["Subject"]))) == name
    body = read(data)
    assert body.get_body(("plain",)).get_content().replace("\r\n", "\n") == f"{name}\n"
    assert body.get_body(("html",)).get_content().replace("\r\n", "\n") == f"<p>{name}</p>\n"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_no_text_adds_a_header_or_a_person(text):
    message = read(composed(subject=text, name=text, text=text, html=text))
    assert message.keys() == read(composed()).keys()
    assert message["To"] == "b@example.org"
    assert [each.addr_spec for each in message["From"].addresses] == ["letters@example.org"]


@pytest.mark.parametrize(
    "to",
    [
        *("a@b\r\nBcc: x@y.org", "a b@example.org", "<a@example.org>", "a@example.org, b@x.org"),
        *("a@", "@b", "", "ä@example.org", "a@exa mple.org", "a;b@example.org", "a@b@example.org"),
    ],
)
def test_what_is_no_address_is_refused(to):
    with pytest.raises(ValueError, match="."):
        composed(to=to)


def test_a_domain_in_other_letters_is_written_as_mail_servers_do():
    assert ascii_address("ana@bücher.example") == "ana@xn--bcher-kva.example"


def test_a_calendar_goes_along_unchanged():
    message = read(composed(calendar=CALENDAR))
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_filename() == "event.ics"
    assert part.get_payload(decode=True).decode() == CALENDAR


def test_it_says_that_no_person_wrote_it_and_when():
    message = read(composed())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<1@example.org>"
    assert message["Date"].datetime == datetime(2026, 12, 10, tzinfo=UTC)
    assert message["List-Unsubscribe"] is None
