"""Small files with names that say what is in them, each with its part of the work."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import (
    ROOT,
    list_calls,
    list_imports,
    list_python,
    list_scripts,
    list_styles,
    list_templates,
    list_views,
    name_of,
    python_tree,
)

MOST_LINES = 300
MOST_LINES_OF_A_VIEW = 25
LONGER = {
    "migrations/versions/0001_first_schema.py": "a whole schema, written once and never edited",
}
"""Files that are longer, each with the reason."""
SAYS_NOTHING = {"utils", "helpers", "common", "misc", "lib", "base", "services", "manager"}
PYTHON = list_python("app", "tests", "migrations", "bench")
PARTS = ("routes", "forms", "actions", "queries", "models")


def all_of(*parts: str) -> list[object]:
    """The features' files of these names, as parameters of a test."""
    files = [file for file in list_python("app") if file.stem in parts]
    return [pytest.param(file, id=name_of(file)) for file in files]


def test_no_file_is_longer_than_one_can_hold_in_mind():
    files = [*PYTHON, *list_templates(), *list_scripts(), *list_styles()]
    lines = {name_of(file): len(file.read_text().splitlines()) for file in files}
    too_long = {name: n for name, n in lines.items() if n > MOST_LINES}
    assert too_long.keys() == LONGER.keys(), too_long


def test_no_name_says_nothing():
    names = {name_of(f): {*f.relative_to(ROOT).parts[:-1], f.stem} for f in PYTHON}
    assert {name for name, parts in names.items() if parts & SAYS_NOTHING} == set()


def test_every_module_says_in_a_sentence_what_it_is():
    silent = [name_of(file) for file in PYTHON if not ast.get_docstring(python_tree(file))]
    endless = [
        name_of(file)
        for file in PYTHON
        if not re.search(r"[.!?)]$", (ast.get_docstring(python_tree(file)) or ".").split("\n\n")[0])
    ]
    assert (silent, endless) == ([], [])


@pytest.mark.parametrize("file", all_of("routes"))
def test_views_are_short(file):
    lengths = {view.name: (view.end_lineno or 0) - view.lineno + 1 for view in list_views(file)}
    assert {k: n for k, n in lengths.items() if n > MOST_LINES_OF_A_VIEW} == {}


def test_only_write_commits():
    committing = {
        name_of(file)
        for file in list_python("app")
        for name, _ in list_calls(python_tree(file))
        if name.endswith(".commit")
    }
    # write() for the session, and the queue of writers that write_prepared() uses.
    assert committing == {"app/database.py", "app/turns.py"}


@pytest.mark.parametrize("file", all_of("actions"))
def test_an_action_knows_no_request_and_no_other_action(file):
    imports = list_imports(python_tree(file))
    assert not {name for name in imports if name == "flask" or name.startswith("flask.")}
    assert not {name for name in imports if name.endswith(".actions")}


@pytest.mark.parametrize("file", all_of("actions"))
def test_an_actions_last_block_is_its_write(file):
    for node in python_tree(file).body:
        if not isinstance(node, ast.FunctionDef) or "with write(" not in ast.unparse(node):
            continue
        blocks = [n for n in node.body if not isinstance(n, ast.Return) and not only_raises(n)]
        assert isinstance(blocks[-1], ast.With), f"{node.name} does more after its write"
        assert ast.unparse(node).count("with write(") == 1, f"{node.name} writes twice"


def only_raises(node: ast.stmt) -> bool:
    """A refusal that must not undo the write, such as that of a limit used up."""
    return isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise) and not node.orelse


@pytest.mark.parametrize("file", all_of("queries", "routes", "forms", "models"))
def test_reading_and_asking_never_writes(file):
    called = {name for name, _ in list_calls(python_tree(file))}
    assert not called & {"write", "db.session.add", "session.add", "db.session.delete"}


@pytest.mark.parametrize("file", all_of("forms"))
def test_a_form_asks_no_database(file):
    imports = list_imports(python_tree(file))
    assert not {name for name in imports if re.search(r"\.queries$|^app\.database", name)}


def test_the_features_parts_are_found():
    """The control of what is parametrised above: an empty list would prove nothing."""
    files = list_python("app")
    assert {file.stem for file in files} >= set(PARTS)
    assert sum(1 for file in files if file.stem == "routes" for _ in list_views(file)) > 20


def test_addresses_are_never_built_from_the_request():
    # `url_for(_external=True)` believes the Host header; links to the outside use the settings.
    named = [
        f"{name_of(file)}:{call.lineno}"
        for file in list_python("app")
        for _, call in list_calls(python_tree(file))
        for keyword in call.keywords
        if keyword.arg == "_external"
    ]
    named += [name_of(file) for file in list_templates() if "_external" in file.read_text()]
    assert named == []


def test_the_time_is_asked_for_in_one_place():
    asking = {
        f"{name_of(file)}:{call.lineno} {name}"
        for file in list_python("app")
        for name, call in list_calls(python_tree(file))
        if re.search(r"(^|\.)(datetime\.(now|today)|date\.today|utcnow|utcfromtimestamp)$", name)
    }
    assert {place.partition(":")[0] for place in asking} == {"app/clock.py"}


@pytest.mark.parametrize("file", [pytest.param(f, id=name_of(f)) for f in list_python("app")])
def test_every_time_has_a_zone(file):
    for name, call in list_calls(python_tree(file)):
        zoned = {keyword.arg for keyword in call.keywords} & {"tz", "tzinfo"}
        if re.search(r"(^|\.)datetime\.(now|fromtimestamp)$", name):
            wanted = 1 if name.endswith("now") else 2
            assert zoned or len(call.args) >= wanted, f"{name} without a zone, line {call.lineno}"
        if re.fullmatch(r"(datetime\.)?datetime", name):
            assert zoned or len(call.args) == 8, f"a naive time, line {call.lineno}"
