"""The guides: everybody may read them, and an organiser prints one for an event."""

from __future__ import annotations

import pytest

from app.guides.routes import WHO
from tests import factories


@pytest.mark.parametrize("who", WHO)
def test_a_guide_says_in_steps_what_to_do_and_what_when_something_goes_wrong(nobody, who):
    for htmx in (False, True):
        page = nobody.get("guides.guide", who=who, htmx=htmx, status=200)
        assert len(page.select(".guide-steps li")) == 6
        assert len(page.select(".guide-ifs li")) == 4


def test_there_is_no_guide_for_anybody_else(nobody):
    nobody.get("/guides/writer/", status=404)


def test_the_volunteer_s_guide_for_an_event_leads_to_its_page_and_to_no_table(ana, lisbon, table_1):
    factories.change(lisbon, title="<i>Lisbon</i>")
    page = ana.get("guides.event_guide", slug="lisbon", status=200)
    assert "<i>Lisbon</i>" in page.words("#guide")
    assert page.one(".guide-code svg") is not None
    assert "/events/lisbon" in page.words(".guide-code")
    assert table_1.join_code not in page.text


def test_another_s_event_has_no_guide(carlos, lisbon):
    carlos.get("guides.event_guide", slug="lisbon", status=404)


def test_guides_are_where_they_are_needed(ana, admin, bea, lisbon, table_1):
    of_the_event = "/desk/events/lisbon/print/guide"
    for person, path, guide in (
        (bea, "/table/", "/guides/volunteer/"),
        (ana, "/desk/", "/guides/organiser/"),
        (ana, "/desk/events/lisbon/tables", of_the_event),
        (admin, "/section/", "/guides/admin/"),
    ):
        assert person.get(path, status=200).select(f'a[href="{guide}"]'), path
