"""Requests that nobody's browser sends, at every address of the app, from whatever is known of it.

What pages offer is read first, so that much of the rubbish is a right form with one thing wrong in
it: that gets further than noise.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import parse_qsl, quote_from_bytes, urlsplit
from uuid import uuid4

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from bench.rig.odd_values import NUMBERS, odd_bytes, odd_csv, odd_file, odd_json
from bench.rig.page_forms import Form, Page

ROLES = ("nobody", "device", "organiser", "admin", "owner")
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get")
ADDRESSES_OF_A_RULE = 3
MOST_BYTES_OF_A_SAMPLE = 600_000
SAMPLES = (
    b"Name,E-mail\nAmina Farsi,amina@example.org\nIlyas Danko,ilyas@example.org\n",
    b"Name;Kind;Size;Region;E-mail\nA school;school;300;North;s@example.org\n",
    b"year,total,precision,whose\n2024,1200,exact,section\n2023,900,about,section\n",
    json.dumps([{"year": 2024, "total": 12, "precision": "exact", "whose": "section"}]).encode(),
)
"""Lists that could be right."""
TRACKS = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

Fetch = Callable[[str], tuple[int, str, bytes]]
"""A path in; status, media type and body out."""


class Ask(NamedTuple):
    """One request."""

    role: str
    rule: str
    method: str
    target: bytes
    headers: list[tuple[str, bytes]]
    body: bytes

    def __str__(self) -> str:
        said = f"{self.role}: {self.method} {self.rule} as {self.target[:160]!r} {self.headers}"
        return f"{said[:900]} {self.body[:300]!r}"


class Rubbish:
    """Everything there is to throw; `host` is what the app calls itself."""

    def __init__(self, url_map: Map, dice: random.Random, *, host: str) -> None:
        self.dice = dice
        self.host = host
        self.matcher = url_map.bind("localhost")
        self.rules = sorted(url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self.addresses: defaultdict[str, set[str]] = defaultdict(set)
        self.forms: defaultdict[str, list[Form]] = defaultdict(list)
        self.queries: set[str] = {"v", "lang", "view", "next", "page"}
        self.fields: set[str] = {"op", "all", "as_of", "edit_version"}
        self.samples: list[bytes] = [*SAMPLES]

    # What there is

    def explore(self, fetch: Fetch) -> None:
        """Read what somebody can reach: addresses, forms, files to make worse ones of."""
        bare = [rule.rule for rule in self.rules if "GET" in (rule.methods or ())]
        ahead = deque(path for path in bare if "<" not in path)
        seen, of_rule = set(ahead), Counter[str]()
        while ahead:
            path = ahead.popleft()
            rule = self.rule_of(path, "GET")
            if not rule or of_rule[rule] >= ADDRESSES_OF_A_RULE:
                continue
            of_rule[rule] += 1
            for link in self._learn(*fetch(path)):
                if link not in seen:
                    seen.add(link)
                    ahead.append(link)

    def _learn(self, status: int, media_type: str, body: bytes) -> list[str]:
        if status != 200 or not media_type.startswith("text/html"):
            if status == 200 and 0 < len(body) < MOST_BYTES_OF_A_SAMPLE:
                self.samples.append(body)
            return []
        page = Page(body.decode())
        for link in page.links:
            self.queries.update(name for name, _value in parse_qsl(urlsplit(link).query))
            self._note_address(urlsplit(link).path, "GET")
        for form in page.forms:
            rule = self._note_address(form.action, "POST")
            self.fields.update(form.fields)
            if rule and form not in self.forms[rule]:
                self.forms[rule].append(form)
        return page.links

    def _note_address(self, path: str, method: str) -> str | None:
        rule = self.rule_of(path, method)
        if rule:
            self.addresses[rule].add(path)
        return rule

    def rule_of(self, target: str, method: str) -> str | None:
        """The rule that an address falls under, if it is one of the app's pages."""
        try:
            rule, _values = self.matcher.match(
                urlsplit(target).path, method=method, return_rule=True
            )
        except HTTPException:
            return None
        return None if rule.endpoint.startswith("static") else str(rule.rule)

    # What is thrown

    def asks(self, token_of: Callable[[str], str]) -> Iterator[Ask]:
        """Every route by every method in every role, again and again; posts more than the rest."""
        plan = [
            (rule, method, role)
            for rule, role in product(self.rules, ROLES)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            for _ in range(1 if method == "GET" else 3)
        ]
        while True:
            self.dice.shuffle(plan)
            for rule, method, role in plan:
                yield self.ask(rule, method, role, token_of(role))

    def ask(self, rule: Rule, method: str, role: str, token: str) -> Ask:
        """One request to a rule; every other one carries a good token."""
        if self.dice.random() < 0.06:
            method = self.dice.choice(VERBS)
        form = self.dice.choice(self.forms.get(rule.rule) or [Form("", {}, set())])
        target = self._target(rule, form)
        headers = self._headers()
        body = b""
        if method not in ("GET", "HEAD") or self.dice.random() < 0.02:
            has_token = self.dice.random() < 0.5
            headers.append(("X-CSRFToken", token.encode() if has_token else self._wire()))
            media_type, body = self._body(form)
            headers.append(("Content-Type", media_type))
        return Ask(role, rule.rule, method, target, headers, body)

    def _target(self, rule: Rule, form: Form) -> bytes:
        known = self.addresses.get(rule.rule)
        chance = self.dice.random()
        if "<" not in rule.rule:
            path = rule.rule.encode()
        elif form.action and chance < 0.5:
            path = form.action.encode()
        elif known and chance < 0.75:
            path = self.dice.choice(sorted(known)).encode()
        else:
            path = TRACKS.sub(lambda _: self._segment(), rule.rule).encode("latin-1")
        query = b"&".join(self._pair() for _ in range(self.dice.choice((0, 0, 1, 1, 2, 5))))
        return path + (b"?" + query if query else b"")

    def _segment(self) -> str:
        if self.dice.random() < 0.4:
            known = self.dice.choice(sorted(self.addresses))
            path = self.dice.choice(sorted(self.addresses[known]))
            return self.dice.choice(path.split("/")) or "1"
        return self._quoted(odd_bytes(self.dice)[:6000])

    def _pair(self) -> bytes:
        name = self.dice.choice(sorted(self.queries)).encode()
        name = (
            name if self.dice.random() < 0.9 else self._quoted(odd_bytes(self.dice)[:50]).encode()
        )
        value = self._quoted(odd_bytes(self.dice)[:3000])
        return name + self.dice.choice((b"=", b"=", b"=", b"", b"==")) + value.encode("latin-1")

    def _quoted(self, value: bytes) -> str:
        """Percent-encoded, but for broken percent-encoding and for what is sent raw."""
        if b"%" in value or self.dice.random() < 0.05:
            return "".join(chr(b) for b in value if b > 32 and b not in b"?#&/\x7f")
        return quote_from_bytes(value, safe="")

    def _wire(self) -> bytes:
        """A header's value; a line's end in it would only be another header."""
        return odd_bytes(self.dice).replace(b"\r", b"").replace(b"\n", b"")[:3000]

    def _headers(self) -> list[tuple[str, bytes]]:
        dice = self.dice
        own = f"http://{self.host}".encode()
        headers = []
        if dice.random() < 0.4:
            headers.append(("HX-Request", b"true"))
        if dice.random() < 0.3:
            headers.append(("Accept", dice.choice((b"application/json", b"text/html", b"*/*;q=x"))))
        headers.append(("Origin", own if dice.random() < 0.9 else self._wire()))
        names = (
            *("HX-Target", "HX-Current-URL", "HX-Boosted", "HX-History-Restore-Request", "Accept"),
            *("Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range"),
            *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Referer"),
            *("X-HTTP-Method-Override", "X-Request-Id", "User-Agent", "Authorization", "Cookie"),
            *("Cache-Control", "Expect", "Content-Encoding", "Sec-Fetch-Site", "If-Match", "Date"),
        )
        for name in dice.sample(names, dice.choice((0, 0, 1, 2, 4))):
            headers.append((name, self._wire()))
        forged = dice.random() < 0.04
        headers.insert(0, ("Host", self._wire() if forged else self.host.encode()))
        return headers

    # Bodies

    def _body(self, form: Form) -> tuple[bytes, bytes]:
        """Media type and content."""
        if self.dice.random() < 0.15:
            return self._no_form()
        pairs = self._pairs(form)
        if form.files or self.dice.random() < 0.05:
            return self._multipart(pairs, sorted(form.files) or ["file"])
        content = b"&".join(self._encoded(name) + b"=" + self._encoded(v) for name, v in pairs)
        return b"application/x-www-form-urlencoded", content

    def _encoded(self, value: bytes) -> bytes:
        return self._quoted(value).encode("latin-1")

    def _no_form(self) -> tuple[bytes, bytes]:
        dice = self.dice
        types = (
            *(b"application/json", b"text/plain", b"application/xml", b"multipart/form-data"),
            *(b"multipart/form-data; boundary=", b"multipart/form-data; boundary=x", b"", b"/"),
            *(b"application/x-www-form-urlencoded; charset=utf-16", b"text/html; charset=\xff"),
            b"application/x-www-form-urlencoded",
        )
        bodies = (
            *(odd_json(dice), odd_bytes(dice), odd_csv(dice), b"", b"&" * 9_000, b"=" * 900),
            *(
                b"--x\r\n",
                b"--x--",
                b'--x\r\nContent-Disposition: form-data; name="a',
                b"a=1&" * 1500,
            ),
            b"--x\r\nContent-Disposition: form-data\r\nContent-Type: \xff\r\n\r\nx\r\n--x--\r\n",
            b"a" * dice.choice((1_000, 262_144, 262_145, 700_000)),
        )
        return dice.choice(types), dice.choice(bodies)

    def _pairs(self, form: Form) -> list[tuple[bytes, bytes]]:
        """The form's fields, as right as its page had them but for a few."""
        dice = self.dice
        fields = {name: dice.choice(values) for name, values in form.fields.items()}
        if not fields or dice.random() < 0.1:
            names = dice.sample(sorted(self.fields), min(8, len(self.fields)))
            fields |= dict.fromkeys(names, "1")
        wrong = dice.choice((0, 1, 1, 2, 3, len(fields)))
        odd = set(dice.sample(sorted(fields), min(wrong, len(fields))))
        pairs = []
        for name, value in fields.items():
            if name == "op" and name not in odd:
                value = str(uuid4())
            elif not value and dice.random() < 0.7:
                value = dice.choice(("1", "Words", "2026-12-10", "12:00", "a@example.org"))
            said = value.encode()
            if name in odd:
                said = (
                    odd_bytes(dice) if dice.random() < 0.8 else str(dice.choice(NUMBERS)).encode()
                )
                if dice.random() < 0.1:
                    continue
            copies = 1 if dice.random() < 0.97 else dice.choice((2, 30))
            pairs += [(name.encode(), said)] * copies
        if dice.random() < 0.05:
            pairs.append((odd_bytes(dice)[:100], odd_bytes(dice)))
        return pairs

    def _multipart(self, pairs: list[tuple[bytes, bytes]], files: list[str]) -> tuple[bytes, bytes]:
        dice, boundary = self.dice, b"----rubbish"
        parts = [(b'form-data; name="%s"' % name, b"", value) for name, value in pairs]
        for name in files:
            like = dice.choice(self.samples) if dice.random() < 0.75 else b""
            called, media_type, content = odd_file(dice, like)
            where = f'form-data; name="{name}"; filename="{called}"'.encode()
            parts.append((where, media_type.encode("latin-1", "replace"), content))
        body = b"".join(
            b"--%s\r\nContent-Disposition: %s\r\n%s\r\n%s\r\n"
            % (boundary, where, b"Content-Type: %s\r\n" % kind if kind else b"", content)
            for where, kind, content in parts
        )
        end = b"--%s--\r\n" % boundary if dice.random() < 0.95 else b""
        return b"multipart/form-data; boundary=" + boundary, body + end
