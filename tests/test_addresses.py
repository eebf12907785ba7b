"""One mailbox is one person, however its domain was typed."""

from __future__ import annotations

import pytest

from app.addresses import ascii_address, one_spelling

SPELLINGS = [
    "noor@b\u00fccher.example",
    "noor@bu\u0308cher.example",
    "noor@B\u00dcCHER.Example",
    "noor@xn--bcher-kva.example",
    "noor@XN--BCHER-KVA.EXAMPLE",
    "noor@b\u00fc\u00adcher.example",
    "noor@b\u00fccher.exa\u200bmple",
    "noor@b\u00fcch\u2060er.example",
    "noor@b\u00fccher\u3002example",
    "noor@b\u00fccher.\uff45xample",
]
"""Composed, in two parts, in capitals, as mail servers write it, with signs nobody sees …"""


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_domain_is_one_however_it_is_typed(typed):
    assert ascii_address(typed) == "noor@xn--bcher-kva.example"
    assert one_spelling(typed) == "noor@b\u00fccher.example"


@pytest.mark.parametrize(
    "address", ["Noor@example.org", "a@xn--zca.example", "a@مثال.إختبار", "ü@b.example", "x", ""]
)
def test_what_is_in_its_spelling_or_has_none_stays_as_it_is(address):
    assert one_spelling(address) == address


def test_other_addresses_stay_apart():
    """The control: one spelling for everybody would be one mail a day for everybody."""
    addresses = ("noor@example.org", "nor@example.org", "noor@exmple.org", "noor@exämple.org")
    assert len({one_spelling(each) for each in addresses}) == len(addresses)
