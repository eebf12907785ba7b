"""Every route with its address, in a small world where everything belongs to Ana."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from tests.page import PageClient


@dataclass
class World:
    """The cast by role, and what addresses are made of."""

    app: Flask
    cast: dict[str, PageClient]
    values: dict[str, object]
    case_slug: str


def list_routes(app: Flask) -> list[tuple[str, str]]:
    """Endpoint and method of each route but what Flask adds by itself."""
    return sorted(
        {
            (rule.endpoint, method)
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
    )


def methods_of(app: Flask, endpoint: str) -> list[str]:
    """GET before POST, so that what is posted cannot disturb what is read."""
    return sorted(method for named, method in list_routes(app) if named == endpoint)


def path_to(world: World, endpoint: str) -> str:
    """The endpoint's address, for what is Ana's."""
    slug = {"slug": world.case_slug} if endpoint.startswith("campaigns.") else {}
    values = world.values | slug
    arguments = next(iter(world.app.url_map.iter_rules(endpoint))).arguments
    url: str = PageClient(world.app).url(endpoint, **{name: values[name] for name in arguments})
    return url
