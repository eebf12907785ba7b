"""The templates' code, kept in the instance's folder.

A server that compiled them itself would hold three megabytes more for as long as it runs. Jinja
compares each with its template's text, so that none is ever older than the template.
"""

from __future__ import annotations

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app.config import Settings

COMPILED = "templates"
"""The folder in the instance's; its files hold code, so they are as private as the keys."""


def init_app(app: Flask, settings: Settings) -> None:
    """Read and keep what was compiled; a template that is new is compiled when first written."""
    folder = settings.instance / COMPILED
    folder.mkdir(mode=0o700, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))


def compile_templates(app: Flask) -> None:
    """Compile those that are not, in a process that ends."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
