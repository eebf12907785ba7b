"""A small form read in one go is the form that Flask reads, and a host once known is no door."""

from __future__ import annotations

import io

import pytest
from flask import Request
from werkzeug.exceptions import ClientDisconnected

from app.arrivals import FORM, MOST_HOSTS, SMALL, Arrival

BODIES = [
    b"",
    b"op=1&case=person-1&quantity=1",
    b"a=1&a=2&b=&c",
    b"name=M%C3%ADriam+O%27Neill&text=%F0%9F%93%AC%0Aline",
    b"broken=%ff%zz&more=%E3%81",
    b"no text: \xff\xfe",
    b"&&==&;=;",
    b"nul=%00",
    b"big=" + b"x" * SMALL,
]


def environ_of(body, kind=FORM, **more):
    return {
        "REQUEST_METHOD": "POST",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        **more,
    }


@pytest.mark.parametrize(
    "kind", [FORM, FORM.upper(), f"{FORM}; charset=utf-8", "text/plain", "multipart/form-data", ""]
)
@pytest.mark.parametrize("body", BODIES)
def test_a_form_is_what_flask_reads_in_it(body, kind):
    mine, flasks = Arrival(environ_of(body, kind)), Request(environ_of(body, kind))
    assert list(mine.form.lists()) == list(flasks.form.lists())
    assert type(mine.form) is type(flasks.form)
    assert list(mine.files) == list(flasks.files) == []
    assert mine.stream.read() == flasks.stream.read()


def test_a_form_may_be_read_after_its_bytes_were():
    asked = Arrival(environ_of(b"a=1"))
    assert asked.get_data() == b"a=1"
    assert asked.form["a"] == "1"


def test_half_a_form_is_none():
    for kind in (Arrival, Request):
        cut = environ_of(b"op=1&quantity=2", CONTENT_LENGTH="40")
        del cut["wsgi.input_terminated"]
        with pytest.raises(ClientDisconnected):
            assert kind(cut).form


def test_a_form_that_is_longer_than_it_says_is_read_as_far_as_it_says():
    assert Arrival(environ_of(b"a=1&b=2", CONTENT_LENGTH="3")).form.to_dict() == {"a": "1"}


def test_a_host_that_was_ours_lets_no_other_in(shell):
    client = shell.test_client()
    for _ in range(2):
        assert client.get("/nowhere", headers={"Host": "localhost"}).status_code == 404
        assert client.get("/nowhere", headers={"Host": "evil.example"}).status_code == 400
        assert client.get("/nowhere", headers={"Host": "localhost.evil.example"}).status_code == 400


def test_each_host_is_told_its_own_address_however_many_there_are(shell):
    for port in [*range(1000, 1100), 1000]:
        with shell.test_request_context("/", headers={"Host": f"localhost:{port}"}) as context:
            assert context.request.url_root == f"http://localhost:{port}/"
            assert context.url_adapter.server_name == f"localhost:{port}"
    assert len(shell._hosts) == MOST_HOSTS
