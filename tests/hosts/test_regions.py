"""The section's regions: hosts and events are in one of them, or in none."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from app.campaigns.queries import find_section
from app.database import db
from app.hosts.models import Host
from tests import factories


@pytest.fixture
def regions(campaign):
    """North and South."""
    factories.change(find_section(), regions=["North", "South"])


def kept() -> list[str]:
    db.session.rollback()
    return find_section().regions


def test_regions_are_added_one_a_line_and_never_twice(admin, campaign):
    page = admin.get("hosts.regions", status=200)
    names = "  The   North \n\nSouth\r\nsouth\nمنطقة"
    assert admin.submit(page, "#regions-form", names=names).status == 303
    assert kept() == ["The North", "South", "منطقة"]
    admin.submit(page, "#regions-form", names="THE NORTH\nWest")
    assert kept() == ["The North", "South", "منطقة", "West"]


@pytest.mark.parametrize(
    ("names", "mend"),
    [
        ("  \n ", "Write a name at least."),
        ("x" * 81, "at most 80 characters"),
        ("\n".join(f"Region {n}" for n in range(201)), "At most 200 regions."),
    ],
)
def test_bad_regions_name_the_mend(admin, campaign, names, mend):
    for htmx in (False, True):
        answer = admin.post("hosts.regions", {"names": names}, htmx=htmx, status=422)
        assert mend in answer.words("#names-error")
    assert kept() == []


def test_a_renamed_region_keeps_its_hosts_and_events(admin, lisbon, porto, regions):
    host = factories.host(region="North")
    factories.change(lisbon, region="North")
    factories.change(porto, region="South")
    admin.post("hosts.rename_region", {"region": "North", "name": "Far North"}, status=303)
    assert kept() == ["Far North", "South"]
    assert (host.region, lisbon.region, porto.region) == ("Far North", "Far North", "South")
    assert host.edit_version == 2


def test_a_name_is_taken_once_and_a_region_that_is_gone_is_told(admin, regions):
    same = admin.post("hosts.rename_region", {"region": "North", "name": "SOUTH"}, status=422)
    assert "of this name already" in same.words("#refusal")
    gone = admin.post("hosts.rename_region", {"region": "East", "name": "West"}, status=409)
    assert "Somebody else changed the regions" in gone.words("#refusal")
    admin.post("hosts.rename_region", {"region": "North", "name": ""}, status=422)
    assert kept() == ["North", "South"]


def test_a_region_that_is_used_stays_and_an_empty_one_goes(admin, regions):
    factories.host(region="North")
    used = admin.post("hosts.remove_region", {"region": "North"}, status=422)
    assert "are in it" in used.words("#refusal")
    admin.post("hosts.remove_region", {"region": "South"}, status=303)
    admin.post("hosts.remove_region", {"region": "South"}, status=409)
    assert kept() == ["North"]


def test_hosts_and_events_are_listed_by_region(admin, lisbon, porto, regions):
    admin.submit(admin.get("hosts.new_host"), "#host-form", name="Abbey", region="North")
    admin.submit(admin.get("hosts.new_host"), "#host-form", name="Beach", region="South")
    words = admin.get("hosts.hosts", query={"region": "North"}, status=200).words("#hosts table")
    assert "Abbey" in words
    assert "Beach" not in words
    page = admin.get("events.edit_event", slug="porto", status=200)
    assert admin.submit(page, "#event-form", region="South").status == 303
    desk = admin.get("board.desk", query={"region": "South"}, status=200).words("main")
    assert porto.title in desk
    assert lisbon.title not in desk
    assert "No event in this region" in admin.get("board.desk", query={"region": "North"}).text


def test_nobody_is_put_where_there_is_no_region(admin, lisbon, regions):
    page = admin.get("events.edit_event", slug="lisbon")
    assert admin.submit(page, "#event-form", region="Nowhere").status == 422
    page = admin.get("hosts.new_host")
    assert admin.submit(page, "#host-form", name="Abbey", region="Nowhere").status == 422


def send(admin, rows, status):
    file = (io.BytesIO(f"name,town,region\n{rows}".encode()), "hosts.csv")
    return admin.post("hosts.import_hosts", {"file": file}, status=status)


def test_a_list_of_hosts_names_the_regions_it_may_not(admin, regions):
    refused = send(admin, "Abbey,Ruan,north\nBeach,Ruan,Nrth\n", 422)
    assert "Row 3: The section has no region “Nrth”" in refused.words("#faults")
    send(admin, "Abbey,Ruan,north\nBeach,Ruan,\n", 303)
    hosts = db.session.execute(select(Host).order_by(Host.id)).scalars()
    assert [(host.town, host.region) for host in hosts] == [("Ruan", "North"), ("Ruan", "")]


def test_without_regions_a_list_may_call_the_town_so(admin, campaign):
    send(admin, "Abbey,,Ruan\n", 303)
    (host,) = db.session.execute(select(Host)).scalars()
    assert (host.town, host.region) == ("Ruan", "")
