"""A mail as it goes over the line: headers that carry any name, text and HTML, a calendar file."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import NamedTuple

from app.addresses import ascii_address
from app.outbox.writing import Mail

PLAIN = re.compile(r"(?! )[A-Za-z0-9 !.,:?()'-]{1,60}(?<! )")
"""What may stand in a header as it is; everything else is encoded, so that nothing breaks out."""
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Line ends of any kind, which some programs would believe even out of an encoded word."""
PIECE = 42
"""Bytes of text in one encoded word, whose line must stay below 76 signs (RFC 2047)."""


class Envelope(NamedTuple):
    """From whom, to whom, and by what name it is known to mail servers."""

    sender: str
    sender_name: str
    to: str
    message_id: str
    date: datetime


def compose(mail: Mail, envelope: Envelope) -> bytes:
    """The whole message; raises ValueError for what cannot be an address, or cannot be written.

    The standard library's own folding puts spaces into long names, so headers are made here.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    sender, to = ascii_address(envelope.sender), ascii_address(envelope.to)
    name = encoded(envelope.sender_name, is_name=True)
    head = {
        "From": f"{name}\r\n <{sender}>" if name else sender,
        "To": to,
        "Subject": encoded(mail.subject),
        "Date": format_datetime(envelope.date),
        "Message-ID": f"<{envelope.message_id}>",
        # Nobody's absence note answers us.
        "Auto-Submitted": "auto-generated",
    }
    body = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    body.set_content(mail.text)
    body.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        body.add_attachment(
            mail.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="event.ics",
            params={"charset": "utf-8"},
        )
    lines = "".join(f"{field}: {value}\r\n" for field, value in head.items())
    return lines.encode("ascii") + body.as_bytes()


def encoded(text: str, *, is_name: bool = False) -> str:
    """A header's text: as it is where that is safe, else in encoded words of whole characters."""
    text = CONTROL.sub(" ", text)
    if not text or PLAIN.fullmatch(text):
        return f'"{text}"' if is_name and text else text
    pieces, piece = [], b""
    for character in text:
        data = character.encode()
        if len(piece) + len(data) > PIECE:
            pieces.append(piece)
            piece = b""
        piece += data
    return "\r\n ".join(
        f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in (*pieces, piece)
    )
