"""What a mail says: a template, once as text and once as HTML, in the language of whoever reads."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask import current_app, render_template
from flask_babel import force_locale

from app.formatting import lean_locale
from app.qr import public_link

SUBJECT = "Subject:"


class Mail(NamedTuple):
    """A mail without its address."""

    subject: str
    text: str
    html: str
    calendar: str = ""
    """An .ics text, attached when there is one."""


def write_mail(template: str, *, language: str, calendar: str = "", **facts: Any) -> Mail:
    """Write `<template>.txt`, whose first line is the subject, and `<template>.html`.

    Both know `facts`, `section`, `locale` and `link_to`; the second knows `subject`, too. It needs
    an app, but no request.
    """
    with force_locale(lean_locale(language)):
        facts["link_to"] = link_to
        text = render_template(f"{template}.txt", **facts).strip()
        first, _, text = text.partition("\n")
        assert first.startswith(SUBJECT), f"{template}.txt begins with no subject"
        subject = " ".join(first.removeprefix(SUBJECT).split())
        html = render_template(f"{template}.html", **facts, subject=subject)
    return Mail(subject, re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n", html, calendar)


def link_to(endpoint: str, **values: Any) -> str:
    """The whole address of a page, also where no request is: mail is written by the ticker, too."""
    return public_link(current_app.url_map.bind("localhost").build(endpoint, values))


def sender_name() -> str:
    """The section's name, as every page says it."""
    return render_template("outbox/sender.txt").strip()
