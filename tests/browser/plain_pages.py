"""Pages with one plain address each: events, guides, what was achieved, how admins tell it."""

ACHIEVED = {
    "how it works": "/how/",
    "good news": "/good-news/",
    "history": "/history/",
    "guide for volunteers": "/guides/volunteer/",
    "guide for organisers": "/guides/organiser/",
    "guide for admins": "/guides/admin/",
}
TELLING = {
    "outcomes": "/section/outcomes",
    "new outcome": "/section/outcomes/new",
    "past years": "/section/history",
    "new year": "/section/history/new",
    "past years from a file": "/section/history/import",
    "settings": "/section/settings",
    "own words": "/section/settings/how/en",
    "kinds": "/section/kinds",
    "name of a kind": "/section/kinds/postcard",
    "regions": "/section/regions",
}
SHOWN = {
    "running": ("", "live", "hall"),
    "upcoming": ("", "live", "hall"),
    "closed": ("", "live", "hall"),
    "rehearsal": ("live",),
    "school": ("", "live"),
    "bare": ("", "live", "hall"),
}
"""Which public pages of which event are worth a look."""
ASKED = ("step_free=y&q=a", "since=2026-12-10&until=2026-12-01", "q=nobody+at+all")
"""Of the list of events: something, what makes no sense, and what there is not."""
