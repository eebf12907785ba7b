"""The pages of what was achieved: as anybody reads them, and as admins tell them."""

ACHIEVED = {
    "how it works": "/how/",
    "good news": "/good-news/",
    "history": "/history/",
}
TELLING = {
    "outcomes": "/section/outcomes",
    "new outcome": "/section/outcomes/new",
    "past years": "/section/history",
    "new year": "/section/history/new",
    "past years from a file": "/section/history/import",
    "settings": "/section/settings",
    "own words": "/section/settings/how/en",
}
