"""What all apps of a run may share, because making it anew for each took most of the tests' time.

Each app is new, with settings and a database of its own; what is worked out from the code alone
is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

FROM_COMPILING = ("_parts", "_trace", "_converters", "arguments")
BUILDERS = ("_build", "_build_unknown")
DISTINCT_STATEMENTS = 5000


@contextmanager
def compiled_rules() -> Iterator[None]:
    """Let all apps share what Werkzeug works out for each route: most of what an app takes."""
    compile_rule, kept = Rule.compile, {}

    def compile_once(rule: Rule) -> None:
        key = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, str(rule.defaults)
        known = kept.get(key)
        if known is None:
            compile_rule(rule)
            known = kept[key] = {name: vars(rule)[name] for name in FROM_COMPILING + BUILDERS}
        vars(rule).update(known)
        vars(rule).update({name: known[name].__func__.__get__(rule) for name in BUILDERS})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


def share_statements(engine: Engine) -> None:
    """Let all engines of a kind share their SQL as SQLAlchemy compiled it.

    A statement is compiled for a dialect, and each engine makes itself one: without this every
    app compiles its statements again, and what it compiled is kept long after the app is gone.
    The database is connected to, once, so that the dialect knows its server.
    """
    kind = engine.dialect.name
    if kind not in _dialects:
        engine.connect().close()
        _dialects[kind] = engine.dialect, LRUCache(DISTINCT_STATEMENTS)
    engine.dialect, statements = _dialects[kind]
    engine.update_execution_options(compiled_cache=statements)


_dialects: dict[str, tuple[Dialect, LRUCache]] = {}
