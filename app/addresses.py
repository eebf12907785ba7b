"""Mail addresses in one spelling: a domain can be written in many ways that are all the same."""

from __future__ import annotations

import contextlib
import re

LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
"""What stands between the dots of a domain."""


def ascii_address(address: str) -> str:
    """An address as every mail server reads it; raises ValueError when there is no such spelling.

    A domain in other letters has one; what stands before the @ has none.
    """
    local, _, domain = address.rpartition("@")
    domain = domain.encode("idna").decode().lower()
    if not re.fullmatch(r"[!-~]+", local) or re.search(r"[<>()\[\],;:\\\"@]", local):
        raise ValueError("an address that mail servers cannot be told")
    if not re.fullmatch(rf"{LABEL}(\.{LABEL})*", domain):
        raise ValueError("a domain that mail servers cannot be told")
    return f"{local}@{domain}"


def one_spelling(address: str) -> str:
    """The same for all spellings of an address that one mail server gets mail for, to be read.

    Capitals before the @ stay; what no mail can be sent to comes back as it is.
    """
    try:
        local, _, domain = ascii_address(address).rpartition("@")
    except ValueError:
        return address
    # Domains of newer rules than Python's have a spelling for mail servers alone.
    with contextlib.suppress(ValueError):
        domain = domain.encode().decode("idna")
    return f"{local}@{domain}"
