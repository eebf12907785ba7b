"""Every page of Lettertally in every state worth looking at, and who may look at it."""

from __future__ import annotations

from dataclasses import dataclass

from app import clock
from app.campaigns.actions import pause_case
from tests import factories
from tests.browser.deeds import (
    add_a_nameless_table,
    choose_all,
    log_nothing,
    open_events_menu,
    open_menu,
    open_more,
    open_the_first_person,
    pause_silently,
    press_for_the_paused,
    save_a_nameless_campaign,
    send_it,
    set_a_stack,
    take_one_back,
    type_a_wrong_code,
    unfold_parts,
)
from tests.browser.doors import invite_people, pages_of_the_door
from tests.browser.evenings import log_an_evening, make_marathons
from tests.browser.forgotten import forget_guests, forgotten_views
from tests.browser.guests import guest_views, sign_guests_up
from tests.browser.list_views import fill_lists, sign_up_views
from tests.browser.plain_pages import ACHIEVED, ASKED, SHOWN, TELLING
from tests.browser.scenery import (
    own_case,
    session_of,
    set_up_season,
    tell_whole,
    usual_cases,
)
from tests.browser.views import View


@dataclass
class World:
    """Addresses and cookies; rows of the database belong to whoever asks for them."""

    slugs: dict[str, str]
    code: str
    paused_case: str
    table_id: int
    cookies: dict[str, dict[str, str]]
    links: tuple[str, str]
    """To an invitation, and to a new password."""
    list_id: int
    sign_ups: dict[str, str]
    kept: dict[str, str]
    """What an admin opens out of a list, each by its name."""

    def views(self, role: str) -> list[View]:
        """What somebody of this role walks through."""
        views: list[View] = {
            "anybody": self.of_anybody,
            "a table": self.of_a_table,
            "a table before": self.of_another_table,
            "a table after": self.of_another_table,
            "a table at a rehearsal": self.of_another_table,
            "a new organiser": self.of_a_new_organiser,
            "an organiser": self.of_an_organiser,
            "an organiser at the door": self.of_an_organiser_at_the_door,
            "an admin": self.of_an_admin,
        }[role]()
        return views

    def of_anybody(self) -> list[View]:
        amina = "/cases/amina-farsi/"
        shown = [(kind, page) for kind, pages in SHOWN.items() for page in pages]
        return [
            View("home", "/"),
            View("cases", "/cases/"),
            *(View(name, path) for name, path in ACHIEVED.items()),
            View("case", amina),
            View("paused case", f"/cases/{self.paused_case}/"),
            View("case card", f"{amina}card"),
            View("events", "/events/"),
            *(View(f"events?{asked}", f"/events/?{asked}") for asked in ASKED),
            *(View(f"{kind}/{page}", f"/events/{self.slugs[kind]}/{page}") for kind, page in shown),
            View("hold an event", "/organise/"),
            View("hold one, nothing said", "/organise/", send_it("Offer to hold")),
            View("thanks", "/organise/thanks"),
            *guest_views(self.sign_ups),
            View("join", "/join"),
            View("join by link", f"/join/{self.code}"),
            View("wrong code", "/join/AAAAAAAA"),
            View("join with a wrong code", "/join", type_a_wrong_code),
            View("sign in", "/sign-in"),
            View("forgot the password", "/sign-in/forgotten"),
            View("sign in with nothing", "/sign-in", send_it("Sign in")),
            View("invited", self.links[0]),
            View("invited, nothing said", self.links[0], send_it("Join")),
            View("new password", self.links[1]),
            View("dead link", "/invitations/none/"),
            View("no such page", "/nowhere"),
            View("table without a device", "/table/"),
        ]

    def of_a_table(self) -> list[View]:
        return [
            View("table", "/table/"),
            View("table, all kinds", "/table/", open_more, is_wordless=True),
            View("table, e-mail", "/table/?kind=email"),
            View("table, a stack", "/table/", set_a_stack),
            View("table, asked", "/table/", press_for_the_paused, is_wordless=True),
        ]

    def of_another_table(self) -> list[View]:
        return [View("table", "/table/")]

    def of_a_new_organiser(self) -> list[View]:
        return [
            View("empty desk", "/desk/"),
            View("not for organisers", "/section/"),
            View("somebody else's event", f"/desk/events/{self.slugs['running']}/"),
        ]

    def of_an_organiser(self) -> list[View]:
        desk = {kind: f"/desk/events/{slug}/" for kind, slug in self.slugs.items()}
        running = desk["running"]
        return [
            View("desk", "/desk/"),
            View("menu", "/desk/", open_menu, is_wordless=True),
            View("new event", "/desk/events/new"),
            View("new event of a group", "/desk/events/new?preset=group"),
            View(
                "new event, nothing said",
                "/desk/events/new?preset=group",
                send_it("Plan the event"),
            ),
            *(View(f"new {sort}", f"/desk/events/new?preset={sort}") for sort in ("class", "day")),
            *(View(f"desk of {kind}", path) for kind, path in desk.items()),
            View("log nothing", running, log_nothing),
            View("change event", f"{running}edit"),
            View("event's menu", running, open_events_menu, is_wordless=True),
            View("cancel", f"{desk['upcoming']}cancel"),
            View("cancel without a reason", f"{desk['upcoming']}cancel", send_it("Cancel the")),
            *(View(page, running + page) for page in ("copy", "tables", "letters", "organisers")),
            *(View(name, f"{running}print/{name}") for name in ("poster", "guide")),
            View("tables, nameless", f"{running}tables", add_a_nameless_table),
            View("no tables", f"{desk['bare']}tables"),
            View("cards", f"{running}tables/cards"),
            View("no cards", f"{desk['bare']}tables/cards"),
            View("card", f"{running}tables/{self.table_id}/card"),
            View("letters, all chosen", f"{running}letters?state=counted", choose_all, True),
            View("letters, mended", f"{running}letters?state=counted", take_one_back, True),
            View("letters, narrowed to none", f"{running}letters?kind=fax&since=2026-12-10T10:00"),
            View("no letters", f"{desk['bare']}letters"),
            View("organisers, nobody said", f"{running}organisers", send_it("Bring them in")),
            View("account", "/account/"),
            View("account, no password", "/account/", send_it("Change the password")),
            View("password", "/account/password"),
            View("password, nothing said", "/account/password", send_it("Go on")),
        ]

    def of_an_organiser_at_the_door(self) -> list[View]:
        desk = {kind: f"/desk/events/{slug}/" for kind, slug in self.slugs.items()}
        return [
            *sign_up_views(desk["running"], desk["bare"], self.list_id),
            *pages_of_the_door(desk),
            *forgotten_views(desk["forgotten"]),
        ]

    def of_an_admin(self) -> list[View]:
        return [
            View("section", "/section/"),
            View("admin's menu", "/section/", open_menu, is_wordless=True),
            View("campaign", "/section/campaign"),
            View("campaign, nameless", "/section/campaign", save_a_nameless_campaign),
            View("section's cases", "/section/cases"),
            View("new case", "/section/cases/new"),
            View("new case, nothing said", "/section/cases/new", send_it("Add the case")),
            View("edit case", "/section/cases/amina-farsi/edit"),
            View("edit case, unfolded", "/section/cases/amina-farsi/edit", unfold_parts),
            View("translate case", "/section/cases/amina-farsi/texts/ar"),
            View("twelve to practise", "/section/cases/import", send_it("Look at the twelve")),
            View("pause without a reason", "/section/cases/amina-farsi/edit", pause_silently),
            View("paused", f"/section/cases/{self.paused_case}/edit"),
            View("all right?", "/section/all-right"),
            View("mail", "/section/outbox"),
            View("audit", "/section/audit"),
            View("next steps", "/setup/next"),
            View("hosts", "/section/hosts"),
            View("new host", "/section/hosts/new"),
            View("nameless host", "/section/hosts/new", send_it("Save the host")),
            View("list of hosts", "/section/hosts/import"),
            *(View(name, path) for name, path in self.kept.items()),
            View("people", "/section/people"),
            View("nobody called so", "/section/people?q=nobody+at+all"),
            View("person", "/section/people", open_the_first_person, is_wordless=True),
            View("invite", "/section/people/invite"),
            View("invite nobody", "/section/people/invite", send_it("Make the link")),
            View("invite a list", "/section/people/import"),
            View("invitations", "/section/people/invitations"),
            View("audit of nothing", "/section/audit?since=2031-01-01"),
            *(View(name, path) for name, path in TELLING.items()),
        ]


ROLES = (
    "anybody",
    "a table",
    "a table before",
    "a table after",
    "a table at a rehearsal",
    "a new organiser",
    "an organiser",
    "an organiser at the door",
    "an admin",
)


def make_world() -> World:
    """Ana's events in all their states, and a browser's cookies for every role."""
    ana = factories.organiser(name="Ana Sandvall")
    admin = factories.organiser(name="Judit Ferm", role="admin")
    paused = own_case()
    cases = [*usual_cases(set_up_season()), paused]
    tell_whole(cases[0])
    marathons = make_marathons(ana, cases)
    kept = {
        "decline": f"/section/hosts/offers/{factories.offer(wish='Is there a poster?').id}/decline",
        "host": f"/section/hosts/{factories.host().id}",
        "outcome": f"/section/outcomes/{factories.outcome(cases[0]).id}/edit",
        "a past year": f"/section/history/{factories.past_total().id}/edit",
    }
    factories.offer()
    invite_people(marathons["running"].event, marathons["closed"].event)
    phones = {kind: log_an_evening(each) for kind, each in marathons.items() if kind != "bare"}
    reason = "He was freed on Tuesday. Thank you!"
    pause_case(paused, reason=reason, actor=admin.public_id, now=clock.now())
    device = {
        role: {"lettertally_device": phones[kind]}
        for role, kind in (
            ("a table", "running"),
            ("a table before", "upcoming"),
            ("a table after", "closed"),
            ("a table at a rehearsal", "rehearsal"),
        )
    }
    people = {
        "a new organiser": factories.organiser(),
        "an organiser": ana,
        "an organiser at the door": ana,
        "an admin": admin,
    }
    return World(
        slugs={kind: each.slug for kind, each in marathons.items()},
        code=marathons["running"].code,
        paused_case=paused.slug,
        table_id=marathons["running"].table.id,
        list_id=fill_lists(marathons["running"].event),
        kept=kept,
        sign_ups=sign_guests_up(marathons["upcoming"].event, marathons["school"].event)
        | forget_guests(marathons["forgotten"].event),
        links=(
            f"/invitations/{factories.invitation()[1]}/",
            f"/new-password/{factories.password_link(ana)}/",
        ),
        cookies=device
        | {role: {"lettertally_session": session_of(user)} for role, user in people.items()}
        | {"anybody": {}},
    )
