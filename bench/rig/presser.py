"""Clients that press until they are told it is logged: one op, however often it must be sent."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Callable, Iterable
from itertools import cycle

from bench.rig.people import Answer, Device, new_op

RETRY_AFTER = 0.05


class Presser(threading.Thread):
    """Somebody who taps again and again, at devices that take turns within their limits.

    `keep_op=False` is how it must not be done: every try of a tap is another op.
    """

    def __init__(
        self,
        devices: Iterable[Device],
        case: str,
        *,
        taps: int | None = None,
        keep_op: bool = True,
        timeout: float = 5.0,
    ) -> None:
        super().__init__(daemon=True)
        self._devices = list(devices)
        self._case = case
        self._taps = taps
        self._keep_op = keep_op
        self._is_over = threading.Event()
        self._gave_up = threading.Event()
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.tries = 0
        self.unexpected: list[str] = []
        for device in self._devices:
            device.browser.connection.timeout = timeout

    def run(self) -> None:
        for number, device in enumerate(cycle(self._devices)):
            if self._is_over.is_set() or number == self._taps:
                return
            self._tap(device)

    def stop(self) -> None:
        """Let the tap under way be the last; it is still retried until it is logged."""
        self._is_over.set()

    def give_up(self) -> None:
        """Stop retrying as well: the tap under way may stay without an answer."""
        self._is_over.set()
        self._gave_up.set()

    def _tap(self, device: Device) -> None:
        op = new_op()
        while not self._gave_up.is_set():
            self.sent.add(op)
            self.tries += 1
            answer = self._try(lambda tried=op: device.press(tried, case=self._case))
            if answer is not None and answer.status == 200:
                assert answer.json["op"] == op
                self.acknowledged.add(op)
                return
            if answer is not None and answer.status != 429:
                self.unexpected.append(f"{answer.status} {answer.text[:200]}")
            wait = float(answer.headers.get("Retry-After", 1)) if answer else RETRY_AFTER
            self._gave_up.wait(wait * random.uniform(1, 2))
            if not self._keep_op:
                op = new_op()

    def _try(self, press: Callable[[], Answer]) -> Answer | None:
        try:
            return press()
        except (OSError, http.client.HTTPException):
            return None


def together(pressers: list[Presser]) -> tuple[set[str], set[str], list[str]]:
    """What all of them sent, what was acknowledged, and answers that nobody expected."""
    sent = set().union(*(each.sent for each in pressers))
    acknowledged = set().union(*(each.acknowledged for each in pressers))
    return sent, acknowledged, [words for each in pressers for words in each.unexpected]
