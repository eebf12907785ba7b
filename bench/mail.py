"""A thousand mails through a bad day of the mail server: all arrive, hardly one of them twice.

A real server of our own answers 4xx and hangs up, before and after it took a mail; for thirty
simulated minutes it is gone, deaf, or turns everybody away; senders die between its yes and their
commit; one mail cannot be read. Control: a sender that tries each mail once loses many.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import time

from app import clock, create_app
from app.config import Settings
from app.upgrade import upgrade_database
from bench.rig.figures import Figures
from bench.rig.post_office import PostOffice
from bench.rig.server import disk_of, instance_folder
from bench.rig.storm import Weather, owe_mails, quick, send_once, send_through

TROUBLE = 0.04
"""How often each of two questions about a mail is answered with trouble."""
CRASHES = 3
PATIENCE = 0.3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--seed", type=int, default=2026)
    chosen = options.parse_args()
    figures = Figures(f"mail: {chosen.mails} mails, 30 minutes of outage, {CRASHES} crashes")
    with instance_folder() as folder, PostOffice() as office, quick(PATIENCE):
        figures.note(f"database on {disk_of(folder)}")
        os.environ["LETTERTALLY_INSTANCE"] = str(folder)
        os.environ["LETTERTALLY_SMTP_URL"] = office.url
        os.environ["LETTERTALLY_MAIL_FROM"] = "letters@example.org"
        app = create_app(dataclasses.replace(Settings.from_environ(os.environ)))
        app.logger.disabled = True
        with app.app_context():
            upgrade_database(clock.now())
            addresses = owe_mails(chosen.mails)
            Weather(office, chosen.seed, TROUBLE)
            began = time.monotonic()
            found = send_through(app, office, addresses, crashes=CRASHES)
            took = time.monotonic() - began
            figures.exactly("delivered", found.delivered, chosen.mails)
            figures.exactly("lost", found.lost, 0)
            figures.at_most("twice, of a hundred", 100 * found.twice / chosen.mails, 1)
            figures.exactly("names under which they arrived", found.names, chosen.mails)
            figures.holds("the one that nobody can read was parked", found.poison == "parked")
            figures.note(f"{found.twice} twice; {found.minutes} simulated minutes in {took:.0f} s")
            office.taken.clear()
            lost = send_once(app, office, addresses[:100], a_minute=3)
            figures.at_least("control: lost by a sender without an outbox", lost, 1)
    figures.end()


if __name__ == "__main__":
    main()
