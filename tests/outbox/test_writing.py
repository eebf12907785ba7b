"""What mails say: in the language of whoever reads, and without a request."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from app.database import SECTION, write
from app.outbox.writing import link_to, sender_name, write_mail
from tests import factories

UNTIL = datetime(2026, 12, 10, 12, tzinfo=UTC)
LINK = "https://tally.example.org/invitations/abc/"
FACTS = {"link": LINK, "is_admin": False, "until": UNTIL}
MAILS = ("accounts/invitation_mail", "accounts/password_mail", "outbox/test_mail")


@pytest.fixture
def section(app):
    return factories.section(name='Café <b>&</b> "Ana"', contact="post@example.org")


@pytest.mark.parametrize("template", MAILS)
def test_a_mail_is_whole_in_text_and_in_html(section, template):
    mail = write_mail(template, language="en", **FACTS)
    assert 'Café <b>&</b> "Ana"' in mail.subject
    assert mail.text.count("Café <b>") == 1
    assert "Café &lt;b&gt;&amp;" in mail.html
    assert not re.search(r"\n\n\n|<p>|&lt;|&amp;|{[{%]", mail.text)
    assert (LINK in mail.text) == (LINK in mail.html) == (template != "outbox/test_mail")
    assert "post@example.org" in mail.text
    assert not re.search(r"(src|srcset)=|url\(|<(img|script|link|iframe)\b", mail.html)


def test_it_is_in_the_language_of_whoever_reads_and_turned_round(section):
    mail = write_mail("accounts/invitation_mail", language="ar-XB", **FACTS)
    assert 'dir="rtl"' in mail.html
    assert mail.html.count('lang="ar-XB"') == 2
    english = write_mail("accounts/invitation_mail", language="en", **FACTS)
    assert mail.subject != english.subject
    assert "Choose a password" in english.html
    assert "Choose a password" not in mail.html


def test_a_mail_is_written_without_a_request_and_inside_a_transaction(section):
    with write(SECTION):
        assert write_mail("outbox/test_mail", language="en").text
    assert link_to("accounts.invited", token="abc").endswith("/invitations/abc/")
    assert link_to("board.home").startswith("http")
    assert sender_name() == section.name


def test_no_mail_fetches_or_follows_anything(section):
    for template in MAILS:
        html = write_mail(template, language="en", **FACTS).html
        assert set(re.findall(r"https?://[^\s\"<]+", html)) <= {LINK}
