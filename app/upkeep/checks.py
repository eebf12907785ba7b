"""Is everything all right? Each thing that keeps a section running, in plain words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from app.campaigns.queries import find_section
from app.config import Settings
from app.database import db, journal_mode
from app.formatting import moment, number
from app.keyring import list_missing
from app.outbox.claiming import find_server_state
from app.outbox.owing import is_mail_on
from app.outbox.queries import count_parked, find_oldest_waiting
from app.outbox.wording import mend_in_words, server_in_words
from app.upkeep import dumps, machine
from app.upkeep.backups import newest_backup_at
from app.upkeep.models import JobRun
from app.upkeep.queries import find_newest_recording, list_job_runs
from app.upkeep.set_aside import find_set_aside

GOOD, LOOK, BAD = "good", "look", "bad"
BACKUP_DUE = timedelta(days=2)
TICKS_EVERY = timedelta(minutes=30)
MEGABYTE = 1_000_000
LITTLE_ROOM, NO_ROOM = 1000 * MEGABYTE, 200 * MEGABYTE
MAIL_AWAY_FOR, MAIL_WAITED_FOR = timedelta(hours=2), timedelta(hours=1)
AHEAD = timedelta(minutes=2)
ZONES = ("Europe/Warsaw", "Asia/Kathmandu", "Australia/Lord_Howe")
Runs = dict[str, JobRun]


class Check(NamedTuple):
    """One thing and how it stands; `mend` is what to do when it is not good."""

    name: str
    title: str
    state: str
    said: str
    mend: str = ""
    job: str = ""
    """What may be asked for here and now."""


def check_everything(*, now: datetime) -> list[Check]:
    """Every check, in the order of what hurts most."""
    runs = {run.name: run for run in list_job_runs()}
    return [
        check_backup(runs, now=now),
        check_disk(),
        check_proof(runs, now=now),
        check_names(runs),
        check_ticker(runs, now=now),
        check_clock(now=now),
        check_address(),
        check_mail(now=now),
        check_zones(),
        check_database(),
    ]


def urgent_checks(*, now: datetime) -> list[Check]:
    """What is worth a word on the desk: a backup that is old, a disk that is nearly full."""
    runs = {run.name: run for run in list_job_runs()}
    checks = (check_backup(runs, now=now), check_disk())
    # Where the ticker has never run, the server has only just started.
    return [check for check in checks if check.state == BAD and (runs or check.name != "backup")]


def check_backup(runs: Runs, *, now: datetime) -> Check:
    run = runs.get("backup")
    say = _checker("backup", _("Backup"), job="backup")
    mend = _(
        "Press the button, or type ./run backup where Lettertally runs; "
        "if that fails, it says why. Keep a copy on another disk, too."
    )
    # The row travels inside the backup: only a file that is here can be put back.
    kept = newest_backup_at()
    if run is None and kept is None:
        return say(LOOK, _("No backup yet. The first one is made a minute after the start."), mend)
    if run and run.succeeded_at and kept is None:
        return say(BAD, _("No backup is kept here: whatever was made is gone."), mend)
    since = kept or (run.noticed_at if run else now)
    if now - since > BACKUP_DUE:
        return say(BAD, _("The last good backup is older than two days."), mend)
    if run and run.failure:
        return say(LOOK, _("The last try failed: %(why)s", why=run.failure), mend)
    if kept is None:
        return say(LOOK, _("No backup yet."), mend)
    return say(GOOD, _("The last one was made %(when)s.", when=moment(kept)))


def check_disk() -> Check:
    settings: Settings = current_app.config["LETTERTALLY"]
    free = shutil.disk_usage(settings.instance).free
    said = _("%(size)s MB are free.", size=number(free // MEGABYTE))
    mend = _("Make room: move old backups to another disk, or get a larger one.")
    state = BAD if free < NO_ROOM else LOOK if free < LITTLE_ROOM else GOOD
    return _checker("disk", _("Room on the disk"))(state, said, mend)


def check_proof(runs: Runs, *, now: datetime) -> Check:
    run = runs.get("verify")
    say = _checker("proof", _("Proof of the count"), job="verify")
    if run is None or (run.succeeded_at is None and not run.failure):
        mend = _("Press the button. By itself it happens once a day.")
        return say(LOOK, _("The numbers have not been compared with the ledger yet."), mend)
    if run.failure:
        mend = _(
            "Stop, keep a copy of the folder as it is, and restore the last good backup. "
            "Somebody changed the database by hand, or the disk is failing."
        )
        return say(BAD, run.failure, mend)
    when = moment(run.succeeded_at or now)
    return say(GOOD, _("Every number followed from the ledger %(when)s.", when=when))


def check_names(runs: Runs) -> Check:
    run = runs.get("names")
    say = _checker("names", _("Names"))
    missing = len(list_missing(db.session()))
    if missing:
        mend = _("Put the folder keys back from its copy. Without it these names stay unreadable.")
        said = ngettext("One key is missing.", "%(num)s keys are missing.", missing)
        return say(BAD, said, mend)
    if run is not None and run.failure:
        mend = _("Make sure that the folder keys can be written to, and that the disk is not full.")
        said = _("Names whose time has come could not be deleted: %(why)s", why=run.failure)
        return say(BAD, said, mend)
    deleted_at = find_set_aside(db.session()).deleted_at
    if deleted_at is not None:
        mend = _(
            "To have it back, restore a newer backup before that. To be rid of it now, type "
            "./run forget-set-aside where Lettertally runs."
        )
        said = _(
            "What is left from before a restore, perhaps names too, is still here. "
            "It is deleted for good on %(when)s.",
            when=moment(deleted_at),
        )
        return say(LOOK, said, mend)
    return say(GOOD, _("Locked, and deleted when their time has come."))


def check_ticker(runs: Runs, *, now: datetime) -> Check:
    starts = [run.started_at for run in runs.values() if run.started_at]
    say = _checker("ticker", _("What happens by itself"))
    mend = _(
        "Restart Lettertally. If another program serves it, have cron type ./run tick "
        "every five minutes."
    )
    if not starts:
        return say(LOOK, _("Nothing yet: it begins a minute after the start."), mend)
    latest = max(starts)
    if now - latest > TICKS_EVERY:
        return say(BAD, _("Nothing since %(when)s.", when=moment(latest)), mend)
    return say(GOOD, _("Last seen to %(when)s.", when=moment(latest)))


def check_clock(*, now: datetime) -> Check:
    newest = find_newest_recording()
    say = _checker("clock", _("Clock"))
    if newest is not None and newest > now + AHEAD:
        mend = _("Set the machine’s clock, and let it follow the network: timedatectl set-ntp true")
        said = _("The newest letter seems to come from the future: the clock was set back.")
        return say(BAD, said, mend)
    match machine.follows_network_time():
        case True:
            return say(GOOD, _("It follows the network’s time: %(when)s.", when=moment(now)))
        case False:
            mend = _("On a machine with internet: timedatectl set-ntp true")
            said = _("It is %(when)s here, and no time server is asked.", when=moment(now))
            return say(LOOK, said, mend)
    said = _("It is %(when)s here. Is that so by your watch?", when=moment(now))
    return say(GOOD, said)


def check_address() -> Check:
    settings: Settings = current_app.config["LETTERTALLY"]
    say = _checker("address", _("Web address"))
    url = settings.public_url
    if settings.is_https:
        if not settings.proxies:
            mend = _("Set LETTERTALLY_PROXIES to how many servers stand in front, mostly 1.")
            return say(LOOK, _("%(url)s: all visitors look like one.", url=url), mend)
        return say(GOOD, _("%(url)s, and nobody can read along.", url=url))
    if "//localhost" in url or "//127." in url:
        mend = _("Start with --lan for a hall, or set LETTERTALLY_PUBLIC_URL.")
        return say(LOOK, _("%(url)s: only this machine can open it.", url=url), mend)
    mend = _("On your own wifi that will do. On one that strangers share, put https in front.")
    return say(LOOK, _("%(url)s: whoever is on the same wifi could read along.", url=url), mend)


def check_mail(*, now: datetime) -> Check:
    say = _checker("mail", _("Mail"))
    if not is_mail_on():
        return say(GOOD, _("Mail is off: links are shown on screen, for you to pass on."))
    server, look = find_server_state(), _("Look at Section, Mail: it says what to do.")
    if server and server.down_since:
        state = BAD if now - server.down_since > MAIL_AWAY_FOR else LOOK
        return say(state, server_in_words(server.reason), mend_in_words(server.reason))
    parked, oldest = count_parked(), find_oldest_waiting(now=now)
    if parked:
        said = ngettext(
            "One mail was given back.",
            "%(shown)s mails were given back.",
            parked,
            shown=number(parked),
        )
        return say(LOOK, said, look)
    if oldest and now - oldest > MAIL_WAITED_FOR:
        return say(LOOK, _("Mail has been waiting since %(when)s.", when=moment(oldest)), look)
    return say(GOOD, _("It goes out within minutes."))


def check_zones() -> Check:
    say = _checker("zones", _("Time zones"))
    section = find_section()
    wanted = [*ZONES, *([section.time_zone] if section else [])]
    missing = [zone for zone in wanted if not _is_zone(zone)]
    if missing:
        mend = _("Run ./run install again: the time zones come with it.")
        return say(BAD, _("%(zone)s is not known here.", zone=missing[0]), mend)
    return say(GOOD, _("All known; daylight saving is taken care of."))


def check_database() -> Check:
    say = _checker("database", _("Version"))
    words = {
        "schema": dumps.schema_of_database() or "",
        "version": dumps.engine_version(),
        "python": machine.python_version(),
    }
    if dumps.engine_name() == "postgresql":
        return say(
            GOOD,
            _("Schema %(schema)s, PostgreSQL %(version)s, Python %(python)s.", **words),
        )
    said = _("Schema %(schema)s, SQLite %(version)s, Python %(python)s.", **words)
    if journal_mode() != "wal":
        return say(
            LOOK,
            said,
            _("Nothing is wrong: a safe but slower way of writing is used with this SQLite."),
        )
    return say(GOOD, said)


def sum_up(checks: list[Check]) -> str:
    """The whole page in one sentence."""
    bad = sum(1 for check in checks if check.state == BAD)
    look = sum(1 for check in checks if check.state == LOOK)
    if bad:
        return ngettext("One thing needs you now.", "%(num)s things need you now.", bad)
    if look:
        return ngettext(
            "All right; one thing is worth a look.",
            "All right; %(num)s things are worth a look.",
            look,
        )
    return _("Everything is all right.")


def _checker(name: str, title: str, job: str = "") -> Callable[..., Check]:
    def say(state: str, said: str, mend: str = "") -> Check:
        return Check(name, title, state, said, "" if state == GOOD else mend, job)

    return say


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
