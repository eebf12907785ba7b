"""The line to the mail server: safe, or not at all; and whose fault it is when it fails."""

from __future__ import annotations

import dataclasses
import socket
import ssl
import subprocess
import threading

import pytest

from app.outbox.line import Line, ServerAway
from bench.rig.post_office import PostOffice
from tests.outbox.conftest import states, turn_on
from tests.outbox.test_sending import send_for


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that signs itself, and its key, as one file."""
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key "
    command += "-out crt -addext subjectAltName=DNS:localhost"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def tls(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "crt", certificate / "key")
    return context


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "crt"))


def reason(app, url, **server):
    """Why no line can be opened to this server, which is treated as that of another machine."""
    turn_on(app, url)
    settings = app.config["LETTERTALLY"]
    server = settings.smtp_url._replace(**server)
    app.config["LETTERTALLY"] = dataclasses.replace(settings, smtp_url=server)
    with pytest.raises(ServerAway) as caught:
        Line(app.config["LETTERTALLY"], patience=1)
    return caught.value.reason, caught.value.code


def test_user_and_password_go_over_a_line_that_was_made_safe(app, owing, tls, trusted):
    with PostOffice(tls=tls, password="p@ss:/w") as office:
        url = f"smtp://ana:wrong@localhost:{office.port}"
        assert reason(app, url, tls="start") == ("login", 535)
        settings = app.config["LETTERTALLY"]
        server = settings.smtp_url._replace(password="p@ss:/w")
        app.config["LETTERTALLY"] = dataclasses.replace(settings, smtp_url=server)
        owing()
        send_for(1)
        assert (office.addresses, states()) == (["ana@example.org"], ["sent"])


def test_a_certificate_that_nobody_vouches_for_is_not_believed(app, tls):
    with PostOffice(tls=tls) as office:
        url = f"smtp://localhost:{office.port}"
        assert reason(app, url, tls="start") == ("tls", None)


def test_a_server_that_offers_no_safe_line_hears_nothing(app, office):
    assert reason(app, office.url, user="ana", password="secret", tls="start") == ("tls", None)


def test_a_machine_that_is_not_there_is_unreachable(app, office):
    office.close()
    assert reason(app, office.url) == ("unreachable", None)


def test_a_server_that_never_answers_is_silent(app):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        assert reason(app, url_of(deaf)) == ("silent", None)


def test_a_server_that_turns_us_away_says_so(app):
    with socket.create_server(("127.0.0.1", 0)) as full:

        def turn_away():
            guest, _ = full.accept()
            guest.sendall(b"554 no room\r\n")
            guest.close()

        thread = threading.Thread(target=turn_away)
        thread.start()
        assert reason(app, url_of(full)) == ("busy", 554)
        thread.join()


def url_of(server):
    return f"smtp://127.0.0.1:{server.getsockname()[1]}"
