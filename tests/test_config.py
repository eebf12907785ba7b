"""The settings: what each may be, and what is said when one is wrong."""

from __future__ import annotations

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import ROOT, Settings, SettingsError, setting_name


def read(**values: str) -> Settings:
    """Settings from an environment that holds these, in upper case and with our prefix."""
    return Settings.from_environ({setting_name(name): value for name, value in values.items()})


def complaint(**values: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(**values)
    return str(caught.value)


def test_an_empty_environment_gives_a_desk_on_this_machine_only():
    settings = read()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.origin == settings.public_url == "http://localhost:8000"
    assert settings.instance == ROOT / "instance"
    assert settings.sqlite_file == ROOT / "instance" / "lettertally.db"
    assert not settings.is_https


def test_an_empty_value_is_as_good_as_none():
    assert read(port="", public_url=" ") == read()


def test_the_defaults_follow_the_port_and_the_folder(tmp_path):
    settings = read(port="8123", instance=str(tmp_path))
    assert settings.public_url == "http://localhost:8123"
    assert settings.sqlite_file == tmp_path / "lettertally.db"


def test_a_relative_folder_is_the_project_s_wherever_the_command_is_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read(instance="../letters").instance == ROOT.parent / "letters"


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("LETTERTALLY_PRT", "LETTERTALLY_PORT"),
        ("LETTERTALLY_TIMEZONE", "LETTERTALLY_TIME_ZONE"),
        ("LETTERTALLY_DATABASE", "LETTERTALLY_DATABASE_URL"),
        ("LETTERTALLY_URL_PUBLIC", "LETTERTALLY_PUBLIC_URL"),
        ("LETTERTALLY_port", "LETTERTALLY_PORT"),
    ],
)
def test_a_mistyped_setting_is_refused_with_the_name_that_was_meant(typed, nearest):
    with pytest.raises(SettingsError, match=f"^{typed} is not a setting; .* {nearest}\\?$"):
        Settings.from_environ({typed: "8001"})


def test_a_setting_like_none_of_ours_is_refused_with_all_names():
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ({"LETTERTALLY_XYZZYQ": "1"})
    assert all(setting_name(setting.name) in str(caught.value) for setting in fields(Settings))


def test_other_programs_settings_and_the_tests_own_are_left_alone():
    environ = {"PORT": "1", "LETTERTALLY_TEST_DATABASE_URL": "postgresql://localhost/tests"}
    assert Settings.from_environ(environ) == read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "65536"),
        ("port", "eight"),
        ("port", "8000.0"),
        ("port", "٨٠٠٠"),
        ("proxies", "-1"),
        ("threads", "0"),
        ("backpressure", "many"),
        ("host", "localhost"),
        ("host", "1.2.3"),
        ("public_url", "letters.example.org"),
        ("public_url", "https://letters.example.org/desk"),
        ("public_url", "https://ana@letters.example.org"),
        ("public_url", "https://letters.example.org?x=1"),
        ("public_url", "https://letters.example.org:99999"),
        ("public_url", "ftp://letters.example.org"),
        ("public_url", "https://"),
        ("public_url", "https://two words"),
        ("trusted_hosts", "http://letters.local"),
        ("trusted_hosts", "letters.local:8000"),
        ("database_url", "mysql://localhost/letters"),
        ("database_url", "sqlite:///letters.db"),
        ("database_url", "sqlite://"),
        ("database_url", "sqlite:////srv/what?.db"),
        ("database_url", "postgresql://localhost"),
        ("database_url", "/srv/letters.db"),
        ("languages", "en,klingon"),
        ("languages", ","),
        ("time_zone", "Europe/Lisboa"),
        ("time_zone", "../../etc/passwd"),
        ("log_level", "chatty"),
    ],
)
def test_a_wrong_value_is_answered_with_the_name_and_what_is_right(name, value):
    sentence = complaint(**{name: value})
    assert sentence.startswith(f"{setting_name(name)} must be ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_language_is_offered_once_its_translation_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr("app.catalogues.TRANSLATIONS", tmp_path)
    assert read().languages == ("en",)
    assert complaint(languages="en,pt").endswith("out of en, not 'en,pt'.")
    folder = tmp_path / "pt" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    assert read().languages == ("en",)
    (folder / "messages.po").touch()
    assert read().languages == read(languages="all").languages == ("en", "pt")
    assert read(languages="pt, en").languages == ("pt", "en")


def test_a_wrong_time_zone_is_answered_with_the_nearest():
    assert "Europe/Lisbon" in complaint(time_zone="Europe/Lisboa")


def test_a_password_is_never_repeated():
    url = "postgresql://desk:hunter2@localhost/letters"
    assert "hunter2" not in complaint(database_url=url.replace("postgresql", "mysql"))
    assert "hunter2" not in repr(read(database_url=url))


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://Letters.Example.org/", "https://letters.example.org"),
        ("https://letters.example.org:443", "https://letters.example.org"),
        ("http://letters.example.org:80", "http://letters.example.org"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000"),
        ("http://[2001:DB8::1]:8000", "http://[2001:db8::1]:8000"),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_the_public_address_is_written_as_browsers_write_an_origin(typed, origin):
    assert read(public_url=typed).origin == origin


def test_only_a_public_address_with_tls_is_https():
    assert read(public_url="https://letters.example.org").is_https
    assert not read(public_url="http://letters.example.org").is_https


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_spellings_of_postgresql_lead_to_its_driver(scheme):
    settings = read(database_url=f"{scheme}://desk:a%40b@localhost:5433/letters")
    assert settings.database_url == "postgresql+psycopg://desk:a%40b@localhost:5433/letters"
    assert settings.sqlite_file is None


def test_the_public_host_this_machine_and_the_listed_hosts_are_trusted_without_ports():
    settings = read(public_url="http://192.168.1.20:8000", trusted_hosts="Desk.local, [::2]")
    listed = {"192.168.1.20", "localhost", "127.0.0.1", "[::1]", "desk.local", "[::2]"}
    assert set(settings.trusted_hosts) == listed


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    settings = read(instance=str(tmp_path / "new" / "instance"))
    key = settings.secret_key()
    assert len(key) >= 64
    assert settings.secret_key() == key
    assert read(instance=str(tmp_path / "other")).secret_key() != key
    assert mode_of(settings.instance) == 0o700
    assert mode_of(settings.instance / "secret.key") == 0o600


def test_a_damaged_secret_key_is_refused_rather_than_used(tmp_path):
    (tmp_path / "secret.key").write_text("short")
    with pytest.raises(SettingsError, match="secret.key is damaged"):
        read(instance=str(tmp_path)).secret_key()


def test_every_setting_says_what_it_means():
    for setting in fields(Settings):
        assert setting.metadata["meaning"].endswith("."), setting.name


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://a%40b.org:p%2F%3A@mail.example.org",
            ("mail.example.org", 587, "a@b.org", "start"),
        ),
        ("smtps://u:p@mail.example.org", ("mail.example.org", 465, "u", "wrap")),
        ("smtps://u:p@mail.example.org:2465/", ("mail.example.org", 2465, "u", "wrap")),
        ("smtp://localhost", ("localhost", 25, "", "none")),
        ("smtp://[::1]:2525", ("::1", 2525, "", "none")),
        ("smtp://10.0.0.1:25?tls=none", ("10.0.0.1", 25, "", "none")),
        ("smtp://mail.example.org:25", ("mail.example.org", 25, "", "start")),
    ],
)
def test_a_mail_servers_address_says_how_safe_the_line_is(url, server):
    found = read(smtp_url=url, mail_from="letters@example.org").smtp_url
    assert (found.host, found.port, found.user, found.tls) == server
    assert found.password in ("", "p", "p/:")


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:99999", "smtp://h/x"),
        *("smtp://geheim@h", "smtp://:geheim@h", "smtp://h?tls=maybe", "smtp://u:gehei\u00df@h"),
        "smtp://u:geheim/x@h",
    ],
)
def test_a_wrong_mail_server_is_refused_without_saying_the_password(url):
    sentence = complaint(smtp_url=url, mail_from="letters@example.org")
    assert sentence.startswith("LETTERTALLY_SMTP_URL must be smtp://user:password@host:587 or ")
    assert "gehei" not in sentence


def test_no_password_is_told_by_printing_the_settings():
    settings = read(smtp_url="smtps://ana:geheim@h", mail_from="letters@example.org")
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("letters@example.org", ("", "letters@example.org")),
        ("Cartas, Lda <a@b.org>", ("Cartas, Lda", "a@b.org")),
        ('"رسائل" <a@b.org>', ("رسائل", "a@b.org")),
    ],
)
def test_the_sender_is_an_address_that_may_have_a_name(text, sender):
    assert read(mail_from=text).mail_from == sender


@pytest.mark.parametrize(
    "text", ["letters", "a b@example.org", "a@b.org, c@d.org", "a@b.org>", "A\r\nBcc: x <a@b.org>"]
)
def test_what_is_no_sender_is_refused(text):
    assert complaint(mail_from=text).startswith("LETTERTALLY_MAIL_FROM must be an address")


def test_mail_needs_a_sender():
    assert complaint(smtp_url="smtp://localhost").startswith("LETTERTALLY_MAIL_FROM must be ")
