"""Quality 18: what we send is valid HTML, says html-validate by its recommended rules.

Every page that anybody, a table, an organiser and an admin can come to in the demo, in a language
from left to right and one from right to left, as page and as fragment, and with its forms sent
empty. The control is a page with faults, which must be found. What is validated with is no part of
Lettertally: npm brings it into `instance/`, as bench/markup_rules/ pins it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.payloads import make_demo
from bench.rig.figures import Figures
from bench.rig.page_forms import Page
from bench.rig.people import Answer, Browser, join, sign_in
from bench.rig.server import ROOT, Server, environment_for, instance_folder

PORT = 8314
"""Where the demo of bench/payloads.py believes to be."""
RULES = ROOT / "bench" / "markup_rules"
TOOL = ROOT / "instance" / "html-validate"
OLDEST_NODE = 20
LANGUAGES = ("en", "ar")
ADDRESSES_OF_A_RULE = 3
FRAGMENTS = re.compile(r'hx-get="(/[^"#]*)')
IS_NO_PAGE = (".ics", ".json", ".atom", ".zip", ".csv", ".png")
AROUND = {
    "tr": "<table><tbody>{}</tbody></table>",
    "li": "<ul>{}</ul>",
    "": "<main><h1>A fragment</h1>{}</main>",
}
"""What a fragment lies in, by its first tag."""
WHOLE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>A fragment</title></head><body>{}</body></html>'
)
FAULTY = WHOLE.format(
    '<p id="a">One<div id="a"><img src="x"><button>Two</div><ul><p>Three</p></ul>'
)
FEWEST_IN_THE_CONTROL = 4
MOST_TOLD = 40


class Fault(NamedTuple):
    """What the validator says of a place."""

    rule: str
    message: str
    line: str


class Reader:
    """One visitor, who keeps whatever HTML comes."""

    def __init__(self, browser: Browser, rules: Any, role: str, kept: dict[str, str]) -> None:
        self._browser = browser
        self._rules = rules
        self._role = role
        self._kept = kept

    def walk(self, *starts: str) -> None:
        """Everything that links lead to from these, a few of each kind; then its forms."""
        seen, of_rule, ahead = set(starts), Counter[str](), deque(starts)
        forms: dict[str, str] = {}
        while ahead:
            path = ahead.popleft()
            rule = self._rule_of(path)
            if of_rule[rule] >= ADDRESSES_OF_A_RULE:
                continue
            of_rule[rule] += 1
            for link in self._read(path, forms):
                if link not in seen:
                    seen.add(link)
                    ahead.append(link)
        for path, token in forms.items():
            self._keep(f"{path} sent empty", self._browser.post(path, {"csrf_token": token}))

    def _read(self, path: str, forms: dict[str, str]) -> list[str]:
        answer = self._browser.get(path)
        if not self._keep(path, answer):
            return []
        self._keep(f"{path} as a fragment", self._browser.get(path, HX_Request="true"))
        page = Page(answer.text)
        own = path.partition("?")[0]
        # Only those that lead back here: they show what is wrong, and others do what they say.
        if any(form.action == own for form in page.forms):
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
            forms[own] = token[1] if token else ""
        polls = (found.replace("&amp;", "&") for found in FRAGMENTS.findall(answer.text))
        return [*page.links, *polls]

    def _keep(self, name: str, answer: Answer) -> bool:
        """Note it unless it is no HTML or leads elsewhere."""
        is_html = answer.headers.get_content_type() == "text/html"
        if not is_html or not answer.body or 300 <= answer.status < 400:
            return False
        text = answer.text
        if not text.lstrip().lower().startswith("<!doctype"):
            tag = re.match(r"\s*<(\w+)", text)
            around = AROUND.get(tag[1] if tag else "", AROUND[""])
            text = WHOLE.format(around.format(text))
        self._kept[f"{self._role}: {name}"] = text
        return True

    def _rule_of(self, path: str) -> str:
        from werkzeug.exceptions import HTTPException

        path, _, query = path.partition("?")
        try:
            endpoint, _values = self._rules.match(path, method="GET")
        except HTTPException:
            return path
        return f"{endpoint}?" if query else str(endpoint)


def validate(pages: dict[str, str], folder: Path) -> dict[str, list[Fault]]:
    """What is wrong with each page; those that are whole are left out."""
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(text)
        names[str(file)] = name
    command = ["node", str(TOOL / "node_modules" / ".bin" / "html-validate"), "--formatter=json"]
    command += [f"--config={RULES / 'htmlvalidate.cjs'}", str(folder / "*.html")]
    # Into a file: of a pipe it waits for nobody, and what it says is cut off.
    report = folder / "report.json"
    with report.open("w") as out:
        said = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, cwd=TOOL)
    if said.returncode not in (0, 1):
        sys.exit(f"html-validate broke: {said.stderr}")
    return {
        names[each["filePath"]]: list(_faults_in(each, pages[names[each["filePath"]]]))
        for each in json.loads(report.read_text())
        if each["messages"]
    }


def _faults_in(told: dict[str, Any], text: str) -> Iterator[Fault]:
    lines = text.splitlines()
    for fault in told["messages"]:
        place = lines[fault["line"] - 1][max(0, fault["column"] - 20) :][:120]
        yield Fault(fault["ruleId"], fault["message"], place.strip())


def group(faults: dict[str, list[Fault]]) -> list[tuple[Fault, tuple[int, str]]]:
    """One of each sort, the most frequent first, with how many there are and on which page."""
    sorts: dict[tuple[str, str], tuple[Fault, int, str]] = {}
    for name, some in faults.items():
        for fault in some:
            first, times, page = sorts.get((fault.rule, fault.message), (fault, 0, name))
            sorts[fault.rule, fault.message] = first, times + 1, page
    found = [(fault, (times, page)) for fault, times, page in sorts.values()]
    return sorted(found, key=lambda each: -each[1][0])


def install() -> None:
    """Bring the validator as it is pinned; leaves with a sentence where that cannot be."""
    if not (shutil.which("node") and shutil.which("npm")):
        sys.exit("This needs Node.js and npm; on Debian: apt install nodejs npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        sys.exit(f"This needs Node.js {OLDEST_NODE} or newer, and here is {version}.")
    locked = (RULES / "package-lock.json").read_text()
    note = TOOL / "installed.json"
    if note.exists() and note.read_text() == locked:
        return
    TOOL.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(RULES / name, TOOL)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=TOOL).returncode:
        sys.exit("npm could not bring html-validate; is this machine online?")
    note.write_text(locked)


def collect(folder: Path) -> dict[str, str]:
    """Every page of the demo, by who read it, in which language, where."""
    from app import create_app
    from app.config import Settings

    told = make_demo(folder)
    rules = create_app(Settings.from_environ(environment_for(folder))).url_map.bind("127.0.0.1")
    running = next(event for event in told["events"] if event["state"] == "running")
    kept: dict[str, str] = {}
    admin, organiser = told["admin"], told["organisers"][0]
    with Server(folder, PORT):
        people = {
            "anybody": (Browser(PORT), ("/", "/join", "/sign-in", "/nowhere", "/setup")),
            "a table": (join(PORT, running["tables"][0]["join_code"]).browser, ("/table/",)),
            "an organiser": (
                sign_in(PORT, organiser["email"], organiser["password"]),
                ("/desk/", "/desk/events/new?preset=class", "/account/"),
            ),
            "an admin": (
                sign_in(PORT, admin["email"], admin["password"]),
                ("/section/", "/setup/next", f"/desk/events/{running['slug']}/"),
            ),
        }
        for language in LANGUAGES:
            for role, (browser, starts) in people.items():
                browser.cookies["lettertally_language"] = language
                Reader(browser, rules, f"{role}, {language}", kept).walk(*starts)
    return kept


def main() -> None:
    install()
    figures = Figures("markup: every page and fragment, by html-validate")
    with instance_folder() as folder:
        pages = collect(folder)
        for name in ("pages", "control"):
            (folder / name).mkdir()
        faults = validate(pages, folder / "pages")
        control = validate({"control": FAULTY}, folder / "control")
    figures.note(f"{len(pages):,} pages and fragments")
    for fault, (times, name) in group(faults)[:MOST_TOLD]:
        figures.note(f"{times} × {fault.rule}: {fault.message} as in {name}\n        {fault.line}")
    figures.exactly("faults", sum(map(len, faults.values())), 0)
    figures.at_least(
        "faults found in the control", len(control.get("control", ())), FEWEST_IN_THE_CONTROL
    )
    figures.end()


if __name__ == "__main__":
    main()
