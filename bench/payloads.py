"""Safety 10: what somebody typed never runs, even where the policy of our pages is not obeyed.

Every free text of the demo's database is overwritten with script payloads, some of them at a time
until all had their turn, and every page that anybody, an admin and a table can come to is opened in
a Chromium that ignores our Content-Security-Policy. The control is a page that says the payloads
as they are: there most of them must run.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import select

from bench.rig.figures import Figures
from bench.rig.server import ROOT, Server, environment_for, instance_folder

PORT = 8314
ADDRESS = f"http://127.0.0.1:{PORT}"
PAYLOADS = ROOT / "tests" / "data" / "payloads.json"
AT_ONCE = 25
"""Payloads in one text: few enough that one which swallows the rest hides little."""
ADDRESSES_OF_A_RULE = 3
LONGEST_CODE = 12
"""Characters of what is a key or a language in JSON, and not words."""
FEWEST_IN_THE_CONTROL = 100
UNTOUCHED_TABLES = {"alembic_version", "audit", "data_key", "entry", "job_run", "rate_limit"}
UNTOUCHED_TABLES |= {"setup_code"}
"""Append-only, or nobody's words."""
STRUCTURE = {
    "chain_head",
    "email",
    "file_slug",
    "file_sum",
    "join_code",
    "kind",
    "key",
    "language",
    "password_hash",
    "portrait",
    "portrait_made_from",
    "preset",
    "public_id",
    "role",
    "slug",
    "source",
    "state",
    "time_zone",
    "token_hash",
}
"""Columns that hold no words of anybody's; a page that breaks without them is a fault, too."""
ATTRIBUTES_THAT_LEAD = ("href", "src", "action", "formaction", "data", "xlink:href", "srcdoc")
LOOK = """names => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    for (const {name, value} of element.attributes) {
      if (name.startsWith('on')) found.push(`${element.localName} ${name}`);
      if (names.includes(name) && /^[\\s\\u0000-\\u0020]*(javascript|vbscript|data):/i.test(value))
        found.push(`${element.localName} ${name}=${value.slice(0, 30)}`);
    }
    if (element.localName === 'script' && element.type !== 'application/ld+json'
        && !(element.getAttribute('src') || '').startsWith('/static/'))
      found.push('script');
  }
  return found;
}"""


def words_of_turn(payloads: list[str], turn: int) -> str:
    """The payloads whose turn it is, in both orders: one that swallows the rest hides little."""
    chosen = payloads[turn : turn + AT_ONCE]
    return " ".join([*chosen, *reversed(chosen)])


def poison_people(app: Flask, words: str) -> tuple[int, str]:
    """Lock the words in as whatever each party said; how many texts, and a private link."""
    from app.database import db
    from app.keyring import event_keys, find_key
    from app.signups.models import SignUp
    from app.signups.sealing import Person, seal_person
    from app.signups.visits import link_token

    with app.app_context():
        parties = list(db.session.scalars(select(SignUp).order_by(SignUp.id)))
        for party in parties:
            keeper = find_key(db.session(), event_keys(party.list.event_id))
            assert keeper is not None
            seal_person(party, Person(words, words, words, words), keeper)
        token = link_token(parties[0])
        db.session.commit()
    return 4 * len(parties), token


def poison(file: Path, payloads: list[str], turn: int) -> int:
    """Overwrite every text with the payloads whose turn it is; how many texts there were."""
    words = words_of_turn(payloads, turn)
    texts = 0
    with sqlite3.connect(file) as connection:
        for table, column, is_json in list(_list_columns(connection)):
            for rowid, value in connection.execute(f"SELECT rowid, {column} FROM {table}"):
                if value is None:
                    continue
                said = json.dumps(_poisoned(json.loads(value), words)) if is_json else words
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (said, rowid)
                )
                texts += 1
        connection.execute("UPDATE event SET live_version = live_version + 1")
    return texts


def _list_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str, bool]]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in tables.fetchall():
        if table in UNTOUCHED_TABLES or table.startswith("sqlite_"):
            continue
        for _id, column, kind, *_rest in connection.execute(f"PRAGMA table_info({table})"):
            is_text = kind == "TEXT" or kind.startswith("VARCHAR(")
            is_short = kind.startswith("VARCHAR(") and int(kind[8:-1]) < 40
            if column not in STRUCTURE and not is_short and (is_text or kind == "JSON"):
                yield table, column, kind == "JSON"


def _poisoned(value: Any, words: str) -> Any:
    """The same JSON with the payloads instead of whatever reads like words."""
    if isinstance(value, dict):
        return {key: _poisoned(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each, words) for each in value]
    return words if isinstance(value, str) and len(value) > LONGEST_CODE else value


class Walker:
    """One visitor with a browser of their own, who opens whatever they can reach."""

    def __init__(self, browser: Any, rules: Any) -> None:
        self._rules = rules
        context = browser.new_context(base_url=ADDRESS, bypass_csp=True)
        context.on("dialog", self._note_dialog)
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.ran: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.opened = 0

    def _note_dialog(self, dialog: Any) -> None:
        self.ran[f"dialog at {urlsplit(self.page.url).path}"] += 1
        dialog.dismiss()

    def walk(self, *starts: str) -> None:
        """Everything that links lead to from these, a few addresses of each kind."""
        seen, of_rule, ahead = set(starts), Counter[str](), deque(starts)
        while ahead:
            path = ahead.popleft()
            rule = self._rule_of(path)
            if rule is None or of_rule[rule] >= ADDRESSES_OF_A_RULE:
                continue
            of_rule[rule] += 1
            for link in self._open(path):
                if link not in seen:
                    seen.add(link)
                    ahead.append(link)

    def look(self) -> None:
        """Note whatever on the page could run."""
        for found in self.page.evaluate(LOOK, ATTRIBUTES_THAT_LEAD):
            self.ran[f"{found} at {urlsplit(self.page.url).path}"] += 1

    def _open(self, path: str) -> list[str]:
        answer = self.page.goto(path, wait_until="domcontentloaded")
        self.opened += 1
        if answer is None or answer.status >= 500:
            self.broken[path] += 1
            return []
        self.look()
        links = self.page.evaluate(
            "() => [...document.querySelectorAll('a[href]')].map(a => a.href)"
        )
        own = (urljoin(ADDRESS, link).split("#")[0] for link in links)
        return [link.removeprefix(ADDRESS) for link in own if link.startswith(f"{ADDRESS}/")]

    def _rule_of(self, path: str) -> str | None:
        from werkzeug.exceptions import HTTPException

        parts = urlsplit(path)
        try:
            endpoint, _values = self._rules.match(parts.path, method="GET")
        except HTTPException:
            return None
        shows_a_page = not parts.path.endswith(
            (".ics", ".json", ".atom", ".zip", ".csv", ".xlsx", ".png")
        )
        is_ours = not endpoint.startswith("static") and not parts.path.startswith("/pictures/")
        return str(endpoint) if shows_a_page and is_ours and "download" not in endpoint else None


def sign_in(page: Any, person: dict[str, str]) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(person["email"])
    page.locator("input[name=password]").fill(person["password"])
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url("**/desk/")


def join(page: Any, code: str) -> None:
    """Join a table by its code."""
    page.goto(f"/join/{code}")
    page.locator("main form button").first.click()
    page.wait_for_url("**/table/")


def try_the_eyes(browser: Any, rules: Any, payloads: list[str]) -> int:
    """How many of the payloads are noticed on a page that says them as they are."""
    noticed = 0
    walker = Walker(browser, rules)
    for payload in payloads:
        before = walker.ran.total()
        walker.page.set_content(f"<title>x</title><p>{payload}</p>", wait_until="commit")
        walker.look()
        noticed += walker.ran.total() > before
    return noticed


def make_demo(folder: Path) -> dict[str, Any]:
    """The demo's season in this folder, and what it tells of itself."""
    command = [sys.executable, str(ROOT / "run"), "demo", "--json", "--load-only"]
    made = subprocess.run(
        command, env=environment_for(folder, port=PORT), check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(made.stdout.splitlines()[0])
    return told


def main() -> None:
    if not shutil.which("chromium") or not (ROOT / ".venv" / "browser.sha256").exists():
        sys.exit("This needs Chromium: `./run test --browser` brings what is missing.")
    from playwright.sync_api import sync_playwright

    from app import create_app
    from app.config import Settings

    payloads: list[str] = json.loads(PAYLOADS.read_text())
    figures = Figures(f"payloads: {len(payloads)} in every text, with the policy switched off")
    with instance_folder() as folder, sync_playwright() as playwright:
        told = make_demo(folder)
        app = create_app(Settings.from_environ(environment_for(folder, port=PORT)))
        rules = app.url_map.bind("127.0.0.1")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        running = next(event for event in told["events"] if event["state"] == "running")
        event = f"/desk/events/{running['slug']}/"
        with Server(folder, PORT):
            anybody, admin, table = (Walker(browser, rules) for _each in range(3))
            sign_in(admin.page, told["admin"])
            join(table.page, running["tables"][0]["join_code"])
            for turn in range(0, len(payloads), AT_ONCE):
                sealed, token = poison_people(app, words_of_turn(payloads, turn))
                texts = sealed + poison(folder / "lettertally.db", payloads, turn)
                live, own = f"/events/{running['slug']}/live", f"/sign-ups/{token}/"
                anybody.walk("/", "/events/", live, "/join", "/sign-in", own)
                admin.walk("/desk/", "/section/", "/account/", event)
                table.walk("/table/")
        noticed = try_the_eyes(browser, rules, payloads)
        browser.close()
    walkers = (anybody, admin, table)
    pages = sum(walker.opened for walker in walkers)
    figures.note(f"{texts:,} texts, {pages:,} pages opened, control: {noticed} payloads ran")
    for walker in walkers:
        for what, times in (walker.ran + walker.broken).most_common(20):
            figures.note(f"{times} × {what}")
    figures.exactly("payloads that ran", sum(walker.ran.total() for walker in walkers), 0)
    figures.exactly("pages that broke", sum(walker.broken.total() for walker in walkers), 0)
    figures.at_least("payloads that the control notices", noticed, FEWEST_IN_THE_CONTROL)
    figures.end()


if __name__ == "__main__":
    main()
