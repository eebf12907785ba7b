"""The files for servers: their shape always, and by each program that is here its own check.

No image is built and no unit is started here: that is said in docs/operate.md, too.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import Settings, setting_name

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = {setting_name(setting.name) for setting in fields(Settings)}
OF_COMPOSE = {"LETTERTALLY_NAME", "LETTERTALLY_ZONE", "LETTERTALLY_DATABASE_PASSWORD"}
OF_CADDY = {"LETTERTALLY_UPSTREAM"}
FILES = sorted(file.name for file in DEPLOY.iterdir())


def read(name: str) -> str:
    return (DEPLOY / name).read_text()


def run(*command: object, **environ: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environ}
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=30, env=given
    )


def needs(program: str) -> pytest.MarkDecorator:
    is_here = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    return pytest.mark.skipif(not is_here, reason=f"{program} is not installed here")


def test_the_guide_names_every_file():
    guide = (ROOT / "docs" / "operate.md").read_text()
    assert [name for name in FILES if f"deploy/{name}" not in guide] == []


@pytest.mark.parametrize("name", FILES)
def test_every_name_in_them_is_a_setting(name):
    named = set(re.findall(r"LETTERTALLY_[A-Z_]*[A-Z]", read(name)))
    assert named <= SETTINGS | OF_COMPOSE | OF_CADDY


def test_the_image_is_nobodys_root_and_keeps_nothing_but_its_volume():
    last = read("Dockerfile").rpartition("\nFROM ")[2]
    users = re.findall(r"^USER (\d+)$", last, re.MULTILINE)
    assert users and users[-1] != "0"
    assert last.index("\nUSER") > last.rindex("\nRUN")
    assert re.findall(r"^VOLUME (.+)$", last, re.MULTILINE) == ["/data"]
    assert "LETTERTALLY_INSTANCE=/data" in last
    assert "/healthz" in last and "curl" not in last.replace("no curl", "")
    assert not re.search(r"build-essential|gcc|python3-dev", last)


def test_the_image_holds_no_secret_of_this_machine():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".venv", "instance"} <= set(ignored)


def test_all_images_say_which_release_they_are():
    images = re.findall(r"(?:^FROM|image:) (\S+)", "\n".join(map(read, FILES)), re.MULTILINE)
    assert len(images) == 4
    assert all(re.fullmatch(r"[a-z]+:\d[\w.-]*", image) for image in images)


def test_the_unit_writes_nowhere_but_to_its_own():
    unit = read("lettertally.service")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "UMask=0077"):
        assert f"\n{line}\n" in unit
    assert "User=root" not in unit


def test_both_servers_read_a_body_whole_before_they_pass_it_on():
    assert "request_buffers" in read("Caddyfile")
    assert "proxy_request_buffering on" in read("nginx.conf")
    assert "X-Forwarded-For $proxy_add_x_forwarded_for" in read("nginx.conf")


@needs("systemd-analyze")
def test_systemd_finds_no_fault_in_the_unit():
    done = run("systemd-analyze", "verify", DEPLOY / "lettertally.service")
    # That the folder is not here is this machine's matter.
    faults = [line for line in done.stderr.splitlines() if "lettertally.service" in line]
    assert faults == []


@needs("systemd-analyze")
def test_systemd_would_find_a_fault(tmp_path):
    unit = tmp_path / "lettertally.service"
    unit.write_text(read("lettertally.service").replace("ProtectHome=yes", "ProtectHome=maybe"))
    assert "lettertally.service" in run("systemd-analyze", "verify", unit).stderr


@needs("caddy")
def test_caddy_understands_its_file(tmp_path):
    text = read("Caddyfile")
    version = run("caddy", "version", HOME=str(tmp_path)).stdout.lstrip("v")
    if tuple(map(int, version.split(".")[:2])) < (2, 7):
        text = text.replace("request_buffers 256KB", "buffer_requests")
    file = tmp_path / "Caddyfile"
    file.write_text(text)
    how = ("--config", file, "--adapter", "caddyfile")
    done = run("caddy", "validate", *how, HOME=str(tmp_path), LETTERTALLY_NAME="a.example.org")
    assert done.returncode == 0, done.stderr


@needs("nginx")
@needs("openssl")
def test_nginx_understands_its_file(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a.example.org")
    run("openssl", *made, "-keyout", key, "-out", certificate, "-days", "1")
    text = re.sub(r"/etc/\S+fullchain.pem", str(certificate), read("nginx.conf"))
    text = re.sub(r"/etc/\S+privkey.pem", str(key), text)
    site, whole = tmp_path / "site.conf", tmp_path / "nginx.conf"
    site.write_text(text.replace("/var/cache/nginx/lettertally", str(tmp_path / "cache")))
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {site}; }}\n")
    done = run("nginx", "-t", "-c", whole)
    assert done.returncode == 0, done.stderr


@needs("docker")
@pytest.mark.parametrize("others", [(), ("compose.postgres.yaml",)])
def test_compose_understands_its_files(others):
    if run("docker", "compose", "version").returncode:
        pytest.skip("docker has no compose here")
    files = [part for name in ("compose.yaml", *others) for part in ("--file", DEPLOY / name)]
    said = {"LETTERTALLY_NAME": "a.example.org", "LETTERTALLY_DATABASE_PASSWORD": "x"}
    done = run("docker", "compose", *files, "config", "--quiet", **said)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_takes_the_biggest_file_that_the_app_takes(app, name):
    biggest = max(getattr(view, "most_bytes", 0) for view in app.view_functions.values())
    said = re.search(r"(?:max_size|client_max_body_size) (\d+)m", read(name), re.IGNORECASE)
    assert biggest > 1024 * 1024
    assert said and int(said[1]) * 1000 * 1000 >= biggest
