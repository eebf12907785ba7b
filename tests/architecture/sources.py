"""What the tests of the architecture read: the files of the repository, as text and as trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
TEMPLATES = APP / "templates"
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
JINJA_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


def name_of(file: Path) -> str:
    """The path from the root of the repository, for messages and test ids."""
    return file.relative_to(ROOT).as_posix()


def list_python(*folders: str) -> list[Path]:
    """Python files below these folders, in order."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def list_templates() -> list[Path]:
    """All templates, in order."""
    return sorted(TEMPLATES.rglob("*.html"))


def list_scripts() -> list[Path]:
    """Our own scripts; what is vendored is others'."""
    return sorted((APP / "static" / "js").rglob("*.js"))


def list_styles() -> list[Path]:
    """Our own style sheets."""
    return sorted((APP / "static" / "css").rglob("*.css"))


@cache
def python_tree(file: Path) -> ast.Module:
    """A module's syntax."""
    return ast.parse(file.read_text(), str(file))


@cache
def template_tree(file: Path) -> nodes.Template:
    """A template's syntax."""
    tree = JINJA.parse(file.read_text())
    for node in tree.find_all(nodes.Filter):
        JINJA.filters.setdefault(node.name, str)
    return tree


def template_text(file: Path) -> str:
    """A template without its comments, which may speak of anything."""
    return JINJA_COMMENT.sub("", file.read_text())


def list_calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the dotted name of what is called, as far as it is a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def list_imports(tree: ast.AST) -> set[str]:
    """Modules and names that a module imports: `app.database` and `app.database.db`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def list_views(file: Path) -> Iterator[ast.FunctionDef]:
    """The functions of a module that answer a route."""
    for node in ast.walk(python_tree(file)):
        if isinstance(node, ast.FunctionDef) and any(map(_is_route, node.decorator_list)):
            yield node


def _is_route(decorator: ast.expr) -> bool:
    return bool(re.match(r"\w+\.(get|post|route)\(", ast.unparse(decorator)))
