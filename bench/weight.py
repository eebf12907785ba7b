"""P6: what the table page weighs on a phone's first visit, compressed, with all that it loads."""

from __future__ import annotations

from bench.rig.figures import Figures
from bench.rig.people import Browser, join
from bench.rig.server import Server, instance_folder
from bench.rig.stage import Wanted, make_season
from bench.rig.weight import visit

PORT = 8304
BAR_KB = 60


def main() -> None:
    figures = Figures("weight: the table page's first visit, over HTTP, compressed")
    with instance_folder() as folder:
        season = make_season(folder, Wanted("Hall"))
        slug = season.events[0].slug
        with Server(folder, PORT):
            phone = join(PORT, season.events[0].codes[0]).browser
            loaded = visit(phone, "/table/")
            others = {
                path: sum(each.body for each in visit(Browser(PORT), path)) / 1000
                for path in ("/", f"/events/{slug}/live", f"/events/{slug}/hall")
            }
    for each in sorted(loaded, key=lambda one: -one.body):
        figures.note(f"{each.body:7,} {each.encoding or '-':<4} {each.path}")
    heads = sum(each.head for each in loaded)
    figures.note(f"{heads:7,}      heads of {len(loaded)} answers, not counted below")
    for path, weight in others.items():
        figures.note(f"for comparison {path}: {weight:.1f} kB")
    figures.at_most("table page", sum(each.body for each in loaded) / 1000, BAR_KB, " kB")
    figures.end()


if __name__ == "__main__":
    main()
