"""What people of a marathon do with its pages: only links, forms and buttons, no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask

from app import clock
from tests import factories
from tests.page import Answer, PageClient


def done(answer: Answer) -> Answer:
    """What was sent was taken: the browser is sent on."""
    assert answer.status == 303, f"{answer.status}\n{answer.text}"
    return answer


def become_admin(app: Flask) -> PageClient:
    """Ines, made in the terminal, signs in on the page."""
    run = app.test_cli_runner().invoke(
        args=["create-admin", "--email=ines@example.org", "--name=Ines", "--password-stdin"],
        input=f"{factories.PASSWORD}\n",
    )
    assert run.exit_code == 0, run.output
    return sign_in(app, "ines@example.org")


def become_organiser(app: Flask, name: str) -> PageClient:
    """Somebody who was made an organiser signs in on the page."""
    email = f"{name.lower()}@example.org"
    factories.organiser(name=name, email=email)
    return sign_in(app, email)


def sign_in(app: Flask, email: str) -> PageClient:
    """Through the form, as everybody does."""
    person = PageClient(app)
    page = person.get("accounts.sign_in", status=200)
    done(person.submit(page, "form.slip", email=email, password=factories.PASSWORD))
    return person


def set_up_season(admin: PageClient, *, cases: Sequence[str], goal: int = 50_000) -> None:
    """The campaign and its public cases."""
    page = admin.get("campaigns.edit_campaign", status=200)
    names = {"section_name": "Letters of Lusitania", "title": "Write for Rights"}
    done(admin.submit(page, "#campaign-form", goal=str(goal), **names))
    for name in cases:
        page = admin.get("campaigns.new_case", status=200)
        said = {"name": name, "country": "Ruritania", "is_public": "y"}
        done(admin.submit(page, "#case-form form", **said))


def plan_event(organiser: PageClient, title: str, **said: object) -> str:
    """An event of six hours that began an hour ago; its slug."""
    page = organiser.get("events.new_event", query={"preset": "group"}, status=200)
    hours = {
        "time_zone": "UTC",
        "starts": local(clock.now() - timedelta(hours=1)),
        "ends": local(clock.now() + timedelta(hours=5)),
    }
    boxes = {
        name: [str(box.get("value")) for box in page.select(f"input[name={name}][checked]")]
        for name in ("cases", "kinds_in_front")
    }
    sent = done(organiser.submit(page, "#event-form", title=title, **hours | boxes | said))
    return sent.location.split("/")[3]


def local(moment: datetime) -> str:
    """A moment as the browser's field writes it."""
    return f"{moment:%Y-%m-%dT%H:%M}"


def put_up_table(organiser: PageClient, slug: str, name: str) -> str:
    """One more table; the code on its card."""
    page = organiser.get("events.tables", slug=slug, status=200)
    done(organiser.submit(page, "#new-table", name=name))
    page = organiser.get("events.tables", slug=slug, status=200)
    codes = page.names("#tables .code")
    return codes[page.names("#tables h3").index(name)]


def open_event(organiser: PageClient, slug: str) -> None:
    """Press the button that says so."""
    page = organiser.get("board.desk_event", slug=slug, status=200)
    done(organiser.submit(page, "form[action*=/open]"))


def close_event(organiser: PageClient, slug: str) -> None:
    """Press the button that says so."""
    page = organiser.get("board.desk_event", slug=slug, status=200)
    done(organiser.submit(page, "form[action*=/close]"))


def sit_down(app: Flask, code: str) -> PageClient:
    """A phone that scans a table's code, and presses Start."""
    phone = PageClient(app)
    page = phone.get("events.join_code", code=code.replace("-", ""), status=200)
    done(phone.submit(page, "#join-form"))
    return phone


def tap(
    phone: PageClient,
    case: str,
    kind: str = "handwritten_letter",
    quantity: int = 1,
    *,
    on: Answer | None = None,
) -> Answer:
    """Choose a kind, set the stack, press the case's button, and look at what the page says.

    `on` is the page that the phone shows already.
    """
    page = on or phone.get("letters.table_page", query={"kind": kind}, status=200)
    sent = done(phone.submit(page, "#presses", case=case, kind=kind, quantity=str(quantity)))
    return phone.get(sent.location, status=200)


def take_last_back(phone: PageClient, *, on: Answer | None = None) -> Answer:
    """Press *Take back* at the newest of one's last letters."""
    page = on or phone.get("letters.table_page", status=200)
    newest = page.select("#entries > ol > li")[0].get("id")
    sent = done(phone.submit(page, f"#{newest} form"))
    return phone.get(sent.location, status=200)


def log_at_desk(
    organiser: PageClient, slug: str, case: str, kind: str, quantity: int, table: str = "0"
) -> None:
    """Log a parcel on behalf of a table, or of none."""
    page = organiser.get("board.desk_event", slug=slug, status=200)
    said = {"case": case, "kind": kind, "quantity": str(quantity), "table": table}
    done(organiser.submit(page, "#log-form", **said))


def say_people(organiser: PageClient, slug: str, people: int) -> None:
    """Write down how many came."""
    page = organiser.get("events.edit_event", slug=slug, status=200)
    boxes = {
        name: [str(box.get("value")) for box in page.select(f"input[name={name}][checked]")]
        for name in ("cases", "kinds_in_front")
    }
    done(organiser.submit(page, "#event-form", people=str(people), **boxes))


def verify(app: Flask) -> dict[str, int]:
    """What `./run verify` says each event counted; it must find no fault."""
    run = app.test_cli_runner().invoke(args=["verify"])
    assert run.exit_code == 0, run.output
    assert "The ledger is whole" in run.output
    return {
        slug: int(counted)
        for slug, counted in re.findall(r"^(\S+): \d+ rows, (\d+) counted", run.output, re.M)
    }
