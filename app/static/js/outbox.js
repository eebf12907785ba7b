/*
outbox.js: what was pressed and not yet answered for. Oldest first, one at a time, until the server has said yes
or a final no; a retry carries the same op, so that nothing counts twice.

  const outbox = new Outbox({ token, changed, answered, refused, settled, ask });
  outbox.add(act)            act: { op, url, fields(), … }; it stays in outbox.acts until it is answered
  outbox.drain()             try now: the network is back, the page is seen again
  outbox.answer(isMeant)     what somebody said when they were asked about the oldest act

The callbacks: token() is the element that holds the CSRF token; changed() after every change; answered(act, receipt)
and refused(act, answer) as each act leaves; settled() when the last has left; ask(act, answer) when one needs a
person's word first.
*/
"use strict";

class Outbox {
  static TIMEOUT_MS = 8000;
  static FIRST_WAIT_MS = 1000;
  static LONGEST_WAIT_MS = 30000;

  constructor(callbacks) {
    this.acts = [];
    this.failures = 0;
    this.callbacks = callbacks;
    this.isSending = false;
    this.isAsking = false;
    this.nextTry = null;
  }

  get isAway() {
    return this.failures > 0 && this.acts.length > 0;
  }

  // crypto.randomUUID is missing on plain http, where many halls are.
  static newOp() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  add(act) {
    this.acts.push(act);
    this.callbacks.changed();
    this.drain();
  }

  async drain() {
    if (this.isSending || this.isAsking) return;
    clearTimeout(this.nextTry);
    this.isSending = true;
    const hadActs = this.acts.length > 0;
    while (this.acts.length && (await this.send(this.acts[0]))) this.callbacks.changed();
    this.isSending = false;
    this.callbacks.changed();
    if (hadActs && !this.acts.length) this.callbacks.settled();
  }

  answer(isMeant) {
    this.isAsking = false;
    if (isMeant) this.acts[0].isConfirmed = true;
    else this.acts.shift();
    this.callbacks.changed();
    this.drain();
  }

  /* Send one act; true when the next may follow at once. */
  async send(act) {
    let response;
    let answer;
    try {
      response = await fetch(act.url, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "X-CSRFToken": this.callbacks.token().value,
          "X-Language": document.documentElement.lang,
        },
        body: new URLSearchParams(act.fields()),
        signal: AbortSignal.timeout(Outbox.TIMEOUT_MS),
      });
      answer = await response.json();
      if (answer.error === "stale_token" && !act.hasFreshToken) return await this.renewToken(act);
    } catch {
      return this.retryLater();
    }
    if (response.status >= 500) return this.retryLater();
    if (response.status === 429) return this.retryLater(1000 * Number(response.headers.get("Retry-After") ?? 1));
    this.failures = 0;
    if (answer.error === "case_paused") {
      this.isAsking = true;
      this.callbacks.ask(act, answer);
      return false;
    }
    this.acts.shift();
    if (response.ok) this.callbacks.answered(act, answer);
    else this.callbacks.refused(act, answer);
    return true;
  }

  // The token outlives a night, but not a server whose key was changed.
  async renewToken(act) {
    const response = await fetch("/table/token", { signal: AbortSignal.timeout(Outbox.TIMEOUT_MS) });
    this.callbacks.token().value = (await response.json()).csrf_token;
    act.hasFreshToken = true;
    return true;
  }

  retryLater(askedWait) {
    const wait = askedWait ?? Math.min(Outbox.LONGEST_WAIT_MS, Outbox.FIRST_WAIT_MS * 2 ** this.failures);
    if (askedWait === undefined) this.failures += 1;
    clearTimeout(this.nextTry);
    // Spread, so that a hall full of phones does not come back all at once.
    this.nextTry = setTimeout(() => this.drain(), wait * (0.75 + Math.random() / 2));
    return false;
  }
}
