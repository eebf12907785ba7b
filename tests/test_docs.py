"""What the documents say is so: links, commands, addresses, settings, words, pictures."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import routes_command
from flask_migrate.cli import db as db_commands

from app.config import Settings, setting_name
from tests import messages

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    file
    for folder in (ROOT, *(ROOT / name for name in ("app", "docs", "tests")))
    for file in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
COMMAND = re.compile(r"\./run((?: +(?:--)?[a-zA-Z][\w-]*)*)")
PLACEHOLDERS = {"COMMAND", "NAME", "ARGUMENTS"}
OWN_OPTIONS = {
    "": {"--lan", "--help"},
    "demo": {"--json", "--keep", "--load-only", "--lan"},
    "test": {"--browser", "--postgres"},
}
MOST_BYTES = 150_000

every_page = pytest.mark.parametrize(
    "page", [pytest.param(file, id=str(file.relative_to(ROOT))) for file in PAGES]
)


def read(name: str) -> str:
    return (ROOT / name).read_text()


# Links


def anchors_of(text: str) -> set[str]:
    """The fragments that a page's headings get on the usual code hosts."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def find_dead_links(file: Path, text: str) -> list[str]:
    dead = []
    for link in ("".join(found) for found in LINK.findall(text)):
        path, _, anchor = link.partition("#")
        target = (file.parent / path) if path else file
        if re.match(r"[a-z]+:", link):
            continue
        is_there = target.exists()
        has_anchor = not anchor or (
            is_there and anchor in anchors_of(text if target == file else target.read_text())
        )
        if not is_there or not has_anchor:
            dead.append(link)
    return dead


@every_page
def test_every_link_leads_somewhere(page):
    assert find_dead_links(page, page.read_text()) == []


def test_dead_links_would_be_found():
    text = '[a](nowhere.md) [b](#no-such) [c](README.md#no-such) <img src="docs/no.png">'
    dead = ["nowhere.md", "#no-such", "README.md#no-such", "docs/no.png"]
    assert find_dead_links(ROOT / "README.md", text) == dead
    assert find_dead_links(ROOT / "README.md", "[a](LICENSE) [b](https://example.org)") == []


# Commands


def find_unknown_commands(app: Flask, tools: set[str], text: str) -> list[str]:
    """Each `./run …` that the launcher would not know."""
    commands = {**app.cli.commands, "routes": routes_command, "db": db_commands}
    unknown = []
    for found in COMMAND.finditer(text):
        words = found[1].split()
        named = words and not words[0].startswith("--")
        name = words[0] if named else ""
        command: click.Command | None = commands.get(name)
        is_known = name in {"", "demo", *tools} | PLACEHOLDERS or command is not None
        options = {word for word in words if word.startswith("--")}
        known = OWN_OPTIONS.get(name, set()) | {"--help"}
        if isinstance(command, click.Group) and name != "demo" and len(words) > 1:
            command = command.commands.get(words[1])
            is_known = command is not None
        if command is not None:
            known |= {option for param in command.params for option in param.opts}
        if not is_known or options - known:
            unknown.append(found[0])
    return unknown


def commands_in(text: str) -> str:
    """The code of a page; prose may say `./run` and go on."""
    blocks = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", text)])


@pytest.fixture
def tools(request: pytest.FixtureRequest) -> set[str]:
    """The launcher's own commands, as its table of them says."""
    tree = ast.parse(read("run"))
    [table] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "TOOLS"
    ]
    assert isinstance(table, ast.Dict)
    return {str(ast.literal_eval(key)) for key in table.keys if key}


@every_page
def test_every_command_exists(page, app, tools):
    assert find_unknown_commands(app, tools, commands_in(page.read_text())) == []


@every_page
def test_every_benchmark_exists(page):
    names = set(re.findall(r"\./run bench ([a-z_]+)", commands_in(page.read_text())))
    assert {name for name in names if not (ROOT / "bench" / f"{name}.py").exists()} == set()


def test_unknown_commands_would_be_found(app, tools):
    text = "`./run tset` `./run demo --jsno` `./run db nonsense` `./run verify --fast`"
    assert len(find_unknown_commands(app, tools, text)) == 4
    text = "`./run` `./run --lan` `./run demo --keep` `./run db revision --rev-id` `./run test`"
    assert find_unknown_commands(app, tools, text) == []


# Addresses


def find_unknown_addresses(app: Flask, text: str) -> list[str]:
    """Each address in backticks that no route answers; an ellipsis stands for anything."""
    rules = {re.sub("<[^>]+>", "<>", rule.rule) for rule in app.url_map.iter_rules()}
    unknown = []
    for address in re.findall(r"`(?:GET |POST )?(/[^`\s]*)`", text):
        shape = re.sub("<[^>]+>", "<>", address)
        if shape.endswith("…"):
            is_known = any(rule.startswith(shape[:-1]) for rule in rules)
        else:
            is_known = shape.replace("…", "<>") in rules
        if not is_known:
            unknown.append(address)
    return unknown


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "docs/organisers.md", "docs/architecture.md"]
)
def test_every_address_is_answered(name, app):
    today, _, _ = read(name).partition("\n## Later\n")
    assert find_unknown_addresses(app, today) == []


def test_unknown_addresses_would_be_found(app):
    text = "`/nowhere/` `/events/<slug>/nothing` `POST /nowhere/…`"
    assert len(find_unknown_addresses(app, text)) == 3
    assert find_unknown_addresses(app, "`/` `/events/…/tally.json` `/account/…`") == []


def test_what_comes_later_is_not_there_yet(app):
    _, _, later = read("docs/architecture.md").partition("\n## Later\n")
    planned = re.findall(r"`(/[^`\s]*)`", later)
    assert planned
    assert len(find_unknown_addresses(app, later)) == len(planned)


# Settings, the tree, errors, words


def test_the_table_of_settings_is_the_settings():
    rows = re.findall(r"^\| `(LETTERTALLY_\w+)` \| (.+) \| (.+) \|$", read("docs/operate.md"), re.M)
    assert [(name, meaning, default.strip("`")) for name, meaning, default in rows] == [
        (
            setting_name(setting.name),
            setting.metadata["meaning"],
            setting.metadata["default"] or "none",
        )
        for setting in fields(Settings)
    ]


def test_the_tree_is_the_tree():
    [tree] = re.findall(r"## The tree\n+```\n(.*?)```", read("docs/architecture.md"), re.DOTALL)
    top, _, own = tree.partition("app/\n")
    own, _, _ = own.partition("\ntests/")
    drawn = set(re.findall(r"^  (\w+(?:\.py|/))", own, re.MULTILINE))
    found = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "app").iterdir()
        if path.suffix == ".py" or (path.is_dir() and not path.name.startswith("__"))
    }
    assert drawn == found
    for name in re.findall(r"^([\w.]+/?) ", top, re.MULTILINE):
        assert name == "instance/" or (ROOT / name).exists(), name


def texts_of(*files: str) -> str:
    """Every text in some Python files, what is filled in shown as an ellipsis."""
    texts = []
    for name in files:
        for node in ast.walk(ast.parse(read(name))):
            if isinstance(node, ast.JoinedStr):
                parts = (p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
                texts.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def test_every_error_of_the_launcher_is_quoted_as_it_is_said():
    [table] = re.findall(r"\| It says \|.*?\n\n", read("docs/operate.md"), re.DOTALL)
    upkeep = (f"app/upkeep/{name}.py" for name in ("archives", "backups", "dumps", "restoring"))
    said = texts_of("run", "app/config.py", "app/upgrade.py", *upkeep)
    quoted = [row.split(" | ")[0].strip("| ") for row in table.splitlines()[2:]]
    assert len(quoted) > 10
    parts = [part.strip(" :.?") for each in quoted for part in re.split("…", each)]
    assert [part for part in parts if part.removeprefix("LETTERTALLY_") not in said] == []


def test_what_stands_on_buttons_is_quoted_as_it_stands_there():
    words = []
    for said in messages.extract():
        forms = said.message if isinstance(said.message, tuple) else (said.message,)
        words += [re.sub(r"%\(\w+\)s", "1", str(form)) for form in forms]
    quoted = re.findall(
        r"(?<![*\w])\*([^*]+)\*(?![*\w])", " ".join(read("docs/organisers.md").split())
    )
    assert len(quoted) > 10
    missing = {phrase for phrase in quoted if not any(phrase in each for each in words)}
    assert missing == set()


# Decisions, pictures


def test_every_decision_is_in_the_index_in_order():
    files = sorted(file.name for file in (DOCS / "decisions").glob("[0-9]*.md"))
    index = re.findall(
        r"^\| (\d+) \| \[([^\]]+)\]\(([^)]+)\)", read("docs/decisions/README.md"), re.M
    )
    assert [file for _number, _title, file in index] == files
    for number, title, file in index:
        assert read(f"docs/decisions/{file}").startswith(f"# {number}. {title}\n")
        assert file.startswith(f"{int(number):04}-")


def test_every_picture_is_small_and_drawn_by_the_command():
    drawn = set(re.findall(r'Picture\(\s*"([\w-]+)"', read("bench/screens.py")))
    pictures = {file.stem: file.stat().st_size for file in (DOCS / "screens").glob("*")}
    assert drawn == pictures.keys()
    assert {name for name, size in pictures.items() if size > MOST_BYTES} == set()
