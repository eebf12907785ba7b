"""A bad day in small: whatever the server does, every mail arrives; `./run bench mail` in large."""

from __future__ import annotations

import pytest

from bench.rig.storm import Weather, owe_mails, quick, send_once, send_through


@pytest.mark.parametrize("seed", [1, 2])
def test_every_mail_arrives_whatever_the_server_does(mail_on, office, seed):
    addresses = owe_mails(60)
    Weather(office, seed, trouble=0.1)
    with quick(0.2):
        found = send_through(mail_on, office, addresses, crashes=1)
    assert (found.delivered, found.lost, found.names, found.poison) == (60, 0, 60, "parked")
    assert found.twice <= 4


def test_a_sender_without_an_outbox_loses_mail(mail_on, office):
    """The control: the weather is bad enough."""
    Weather(office, 1, trouble=0.1)
    with quick(0.2):
        assert send_once(mail_on, office, [f"{n}@example.org" for n in range(20)], a_minute=5) > 3
