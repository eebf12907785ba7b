"""The section's logo, instead of the postmark."""

from __future__ import annotations

import io
import re

import pytest

from app import pictures
from app.campaigns.queries import find_section, list_pictures
from app.database import db
from tests import factories


def send(admin, data, status, name="logo.png"):
    return admin.post("outcomes.put_logo", {"picture": (io.BytesIO(data), name)}, status=status)


def logo() -> str:
    db.session.rollback()
    return find_section().logo


def test_a_logo_stands_at_the_head_of_pages_in_the_hall_and_on_posters(admin, nobody, ana, lisbon):
    send(admin, factories.picture(size=(600, 100)), 303)
    src = f"/pictures/{logo()}-320.webp"
    for client, endpoint, where, about in (
        (nobody, "board.home", ".page-head", {}),
        (nobody, "board.hall", ".hall-head", {"slug": "lisbon"}),
        (ana, "events.poster", ".poster-head", {"slug": "lisbon"}),
    ):
        page = client.get(endpoint, status=200, **about)
        assert page.one(f"{where} img.logo").get("src") == src
    assert nobody.get("board.hall", slug="lisbon").one("img.logo").get("alt") == find_section().name
    shown = nobody.get(f"/pictures/{logo()}-320.webp", status=200)
    assert shown.headers["Content-Type"] == "image/webp"


def test_a_logo_keeps_its_shape_and_loses_what_was_written_in_it(app):
    from PIL import Image

    made = pictures.make_picture(
        factories.picture("JPEG", (900, 300), comment=b"taken at home"), name="l.jpg", is_logo=True
    )
    with Image.open(io.BytesIO(made.files[640])) as kept:
        assert (kept.format, kept.size) == ("WEBP", (640, 213))
    assert b"taken at home" not in made.files[640]


@pytest.mark.parametrize(
    ("data", "name", "mend"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "PNG, JPEG or WebP"),
        (factories.picture(size=(300, 40)), "logo.png", "at least 64 pixels"),
        (factories.picture()[:200], "logo.png", "Save it anew"),
        (factories.picture(), "logo.jpg", "name says something else"),
    ],
)
def test_what_is_no_logo_is_told_what_to_mend(admin, campaign, data, name, mend):
    answer = send(admin, data, 422, name)
    assert mend in answer.words("#picture-error")
    assert logo() == ""


def test_a_logo_is_kept_beside_portraits_until_it_is_taken_away(admin, nobody, amina):
    send(admin, factories.picture(), 303)
    key = logo()
    factories.portrait(amina)
    admin.post("campaigns.remove_portrait", slug="amina", status=303)
    assert key in list_pictures()
    nobody.get(f"/pictures/{key}-640.webp", status=200)
    admin.post("outcomes.remove_logo", status=303)
    assert logo() == ""
    nobody.get(f"/pictures/{key}-640.webp", status=404)
    assert re.search("postmark", nobody.get("board.home").text)
