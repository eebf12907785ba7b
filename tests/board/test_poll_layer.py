"""The poll layer says what Flask says, asks for little, and keeps little."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import brotli
import pytest
from sqlalchemy import delete
from werkzeug.test import Client, TestResponse

from app import clock
from app.board.poll import FRESH_FOR, LONGEST, MOST_KEPT, PollLayer
from app.database import SECTION, write
from app.events.models import Event, event_case, event_organiser
from app.letters.queries import get_campaign_version, get_version
from tests import factories
from tests.page import in_clean_context

ENCODINGS = ("", "gzip", "gzip, deflate, br", "br;q=0, gzip", "identity;q=1, gzip;q=0.5", "*")
# A packed answer says when it was packed.
UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Watch:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Crowd:
    """Polls a layer in front of the app, and counts what Flask gets to see of it."""

    def __init__(self, app, settings) -> None:
        self.watch = Watch()
        self.flask = app.wsgi_app.flask
        self.seen: list[str] = []
        app.wsgi_app = self.note
        self.layer = PollLayer(app, settings, seconds=self.watch)

    def note(self, environ, start_response):
        """Flask, with a note of what it is asked."""
        self.seen.append(f"{environ['REQUEST_METHOD']} {environ['QUERY_STRING']}")
        return self.flask(environ, start_response)

    def ask(self, path: str, application: Callable | None = None, **how) -> TestResponse:
        """One request; to the layer, unless another application is named."""
        how = {"method": "GET", **how}
        client = Client(application or self.layer)
        return in_clean_context(lambda: client.open(path, buffered=True, **how))


@pytest.fixture
def crowd(app, same_minute):
    return Crowd(app, app.config["LETTERTALLY"])


def path_of(slug="lisbon", *, v="", lang="en", view="board"):
    path = f"/events/{slug}/tally" if slug else "/tally"
    return f"{path}?{urlencode({'v': v, 'lang': lang, 'view': view})}"


def said(response):
    """Status, body and headers, but for what each request has of its own."""
    own = ("X-Request-Id", "Date", "Set-Cookie")
    headers = sorted(each for each in response.headers if each[0] not in own)
    # The pages of mishaps show the request's id, and every page a token.
    body = UNPACK[response.headers.get("Content-Encoding")](response.data)
    body = re.sub(rb'[0-9a-f]{12}(?=<)|(?<=Token": ")[^"]+|(?<=_token" value=")[^"]+', b"", body)
    return response.status, body, headers


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("view", ["board", "hall", "desk", "home"])
def test_the_layer_answers_like_flask(crowd, log, lisbon, amina, view, encoding):
    log(lisbon, amina, 12)
    current = get_campaign_version(lisbon.campaign_id) if view == "home" else get_version(lisbon.id)
    slug = None if view == "home" else "lisbon"
    headers = {"Accept-Encoding": encoding}
    for v in (current, "", "1.1", "nonsense"):
        for lang in ("en", "ar-XB"):
            path = path_of(slug, v=v, lang=lang, view=view)
            first = crowd.ask(path, headers=headers)
            again = crowd.ask(path, headers=headers)
            alone = crowd.ask(path, crowd.flask, headers=headers)
            assert said(first) == said(again) == said(alone)
            assert first.status_code == (204 if v == current else 200)


REFUSED = {
    "unknown view": path_of(view="home"),
    "unknown language": path_of(lang="tlh"),
    "unknown event": path_of("nowhere"),
    "no query": "/events/lisbon/tally",
    "one more argument": path_of() + "&x=1",
    "twice the same": path_of() + "&v=1",
    "no version": "/events/lisbon/tally?lang=en&view=board",
    "a trailing slash": "/events/lisbon/tally/?v=&lang=en&view=board",
    "a season's view": "/tally?v=&lang=en&view=board",
    "capitals": path_of("Lisbon"),
    "a very long version": path_of(v="1" * LONGEST),
}


@pytest.mark.parametrize("path", REFUSED.values(), ids=REFUSED)
def test_odd_polls_are_answered_like_flask(crowd, lisbon, path):
    for _twice in range(2):
        assert said(crowd.ask(path)) == said(crowd.ask(path, crowd.flask))
    assert len(crowd.seen) == 2


@pytest.mark.parametrize("v", ["%zz", "%ff", "%00", "1%2e1", "+", "1.1;x=1"])
def test_odd_versions_are_answered_like_flask(crowd, lisbon, v):
    path = f"/events/lisbon/tally?v={v}&lang=en&view=board"
    for _twice in range(2):
        assert said(crowd.ask(path)) == said(crowd.ask(path, crowd.flask))


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_flasks(crowd, lisbon, method):
    crowd.ask(path_of())
    crowd.seen.clear()
    answers = [
        crowd.ask(path_of(), application, method=method) for application in (None, crowd.flask)
    ]
    assert said(answers[0]) == said(answers[1])
    assert [each.split()[0] for each in crowd.seen] == [method]


@pytest.mark.parametrize("host", ["evil.example", "", "localhost.evil.example", "localhost:x"])
def test_an_untrusted_host_is_flasks_to_refuse(crowd, lisbon, host):
    crowd.ask(path_of())
    for application in (None, crowd.flask):
        answer = crowd.ask(path_of(), application, headers={"Host": host})
        assert answer.status_code == 400 or host == ""
        assert answer.data != b""


def test_a_crowd_asks_flask_once(crowd, log, lisbon, amina):
    v = get_version(lisbon.id)
    for _each in range(20):
        assert crowd.ask(path_of(v=v)).status_code == 204
    assert crowd.seen == [f"GET v={v}&lang=en&view=board"]
    log(lisbon, amina)
    crowd.watch.seconds += FRESH_FOR
    crowd.seen.clear()
    for shown in (v, "", "0.0", v):
        assert crowd.ask(path_of(v=shown)).status_code == 200
    assert crowd.seen == ["GET v=&lang=en&view=board"]


def test_a_version_is_looked_up_at_most_every_200_ms(crowd, log, lisbon, amina, monkeypatch):
    looked_up = []
    look_up = crowd.layer._look_up
    monkeypatch.setattr(
        crowd.layer, "_look_up", lambda slug: looked_up.append(slug) or look_up(slug)
    )
    v = get_version(lisbon.id)
    crowd.ask(path_of(v=v))
    log(lisbon, amina)
    for _each in range(9):
        crowd.watch.seconds += FRESH_FOR / 10
        assert crowd.ask(path_of(v=v)).status_code == 204
    assert looked_up == ["lisbon"]
    crowd.watch.seconds += FRESH_FOR / 9
    assert crowd.ask(path_of(v=v)).status_code == 200
    assert looked_up == ["lisbon", "lisbon"]
    crowd.watch.seconds += 3600
    assert looked_up == ["lisbon", "lisbon"], "nobody asked"


def test_many_at_once_wait_for_one(crowd, log, lisbon, amina):
    log(lisbon, amina, 5)
    threads = 12
    together = threading.Barrier(threads)
    answers = []

    def watcher():
        together.wait()
        answers.append(crowd.ask(path_of()))

    watchers = [threading.Thread(target=watcher) for _each in range(threads)]
    for each in watchers:
        each.start()
    for each in watchers:
        each.join()
    assert len({each.data for each in answers}) == 1
    assert crowd.seen == ["GET v=&lang=en&view=board"]


def test_opening_and_closing_are_seen(crowd, porto):
    v = get_version(porto.id)
    crowd.ask(path_of("porto", v=v))
    factories.change(porto, state="closed", closed_at=clock.now(), live_version=99)
    crowd.watch.seconds += FRESH_FOR
    answer = crowd.ask(path_of("porto", v=v))
    assert 'hx-trigger="every 60s"' in answer.text
    assert "v=1.99&" in answer.text


def test_a_deleted_event_is_gone(crowd, porto):
    assert crowd.ask(path_of("porto")).status_code == 200
    with write(SECTION) as session:
        for table in (event_case, event_organiser):
            session.execute(delete(table).where(table.c.event_id == porto.id))
        session.execute(delete(Event).where(Event.id == porto.id))
    crowd.watch.seconds += FRESH_FOR
    assert crowd.ask(path_of("porto")).status_code == 404


def test_a_locked_season_is_final_until_the_next_begins(crowd, log, campaign, lisbon, amina):
    log(lisbon, amina)
    assert "provisional" in crowd.ask(path_of(None, view="home")).text
    factories.change(campaign, locked_at=clock.now(), live_version=campaign.live_version + 1)
    crowd.watch.seconds += FRESH_FOR
    assert "provisional" not in crowd.ask(path_of(None, view="home")).text
    factories.campaign(live_version=77)
    crowd.watch.seconds += FRESH_FOR
    assert "v=77." in crowd.ask(path_of(None, view="home")).text


def test_a_restarted_server_begins_with_nothing(app, crowd, log, lisbon, amina):
    v = get_version(lisbon.id)
    crowd.ask(path_of(v=v))
    log(lisbon, amina)
    app.wsgi_app = crowd.layer
    other = Crowd(app, app.config["LETTERTALLY"])
    assert other.ask(path_of(v=v)).status_code == 200
    assert other.ask(path_of(v=get_version(lisbon.id))).status_code == 204


def test_the_next_minute_is_drawn_anew(crowd, log, lisbon, amina, set_time):
    log(lisbon, amina, age_ms=7 * 60_000)
    answers = [crowd.ask(path_of()).text]
    set_time(clock.now() + timedelta(minutes=5))
    answers.append(crowd.ask(path_of()).text)
    assert "<strong>1</strong> in the last ten minutes" in answers[0]
    assert "<strong>0</strong> in the last ten minutes" in answers[1]
    assert crowd.ask(path_of(v=get_version(lisbon.id))).status_code == 204


def test_one_visitors_headers_shape_nobody_elses_answer(crowd, lisbon):
    theirs = {
        "Cookie": "lettertally_session=x; lettertally_language=ar-XB",
        "Accept-Language": "ar-XB",
        "If-None-Match": "*",
        "Range": "bytes=0-3",
        "X-Forwarded-Host": "evil.example",
        "HX-Request": "true",
        "Accept": "application/json",
    }
    first = crowd.ask(path_of(), headers=theirs)
    assert said(first) == said(crowd.ask(path_of())) == said(crowd.ask(path_of(), crowd.flask))


def test_what_flask_fails_at_is_not_kept(crowd, lisbon, monkeypatch):
    broken = [b"broken"]

    def fail(environ, start_response):
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return broken

    monkeypatch.setattr(crowd.layer, "flask", fail)
    assert crowd.ask(path_of()).status_code == 500
    monkeypatch.setattr(crowd.layer, "flask", crowd.flask)
    assert crowd.ask(path_of()).status_code == 200


def test_a_database_that_does_not_answer_is_flasks_to_tell(crowd, lisbon, monkeypatch):
    def fail():
        raise OSError("no database")

    monkeypatch.setattr(crowd.layer, "_connect", fail)
    assert crowd.ask(path_of()).status_code == 200
    assert len(crowd.seen) == 1


def test_little_is_kept_whatever_is_asked(crowd, lisbon):
    for number in range(MOST_KEPT + 50):
        crowd.ask(path_of(v=f"0.{number}"))
        crowd.ask(path_of(f"nowhere-{number}"))
    kept = crowd.layer.polls, crowd.layer.versions, crowd.layer.answers
    assert [len(each) for each in kept] == [MOST_KEPT, 1, 1]
    assert crowd.ask(path_of(v="0.3")).status_code == 200


def test_the_oldest_goes_first(crowd):
    kept = crowd.layer.answers
    for number in range(MOST_KEPT + 1):
        kept.keep(number, str(number))
    assert (kept.find(0), kept.find(1), kept.find(MOST_KEPT)) == (None, "1", str(MOST_KEPT))
