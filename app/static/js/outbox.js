/*
outbox.js: what was pressed and not yet answered for. Oldest first, one at a time, until the server has said yes
or a final no; a retry carries the same op, so that nothing counts twice. What somebody has to be asked about waits
for their word, and lets the others pass; a device that is no longer let in keeps everything until it has joined again.

  const outbox = new Outbox({ token, changed, answered, refused, settled, ask })
  outbox.add(act)            act: { op, url, fields(), at (by age.js, of a press), … }; it stays in outbox.acts until it is answered
  outbox.drain()             try now: the network is back, the page is seen again
  outbox.answer(isMeant)     what somebody said when they were asked about outbox.asked[0]
  outbox.hindrance           the server's answer when this device is not let in, else null

The callbacks: token() is the element that holds the CSRF token; changed() after every change; answered(act, receipt)
and refused(act, answer) as each act leaves; settled() when the last that could be sent has left; ask(act) when one
needs a person's word first.
*/
"use strict";

class Outbox {
  static TIMEOUT_MS = 8000;
  static FIRST_WAIT_MS = 1000;
  static LONGEST_WAIT_MS = 30000;
  static SHUT_OUT = ["no_device", "device_revoked"];

  constructor(callbacks) {
    this.acts = [];
    this.failures = 0;
    this.hindrance = null;
    this.callbacks = callbacks;
    this.isSending = false;
    this.nextTry = null;
  }

  get isAway() {
    return this.failures > 0 && !this.hindrance && this.acts.length > 0;
  }

  get asked() {
    return this.acts.filter((act) => act.question);
  }

  // Taking back what is still asked about waits with it.
  get sendable() {
    const { asked } = this;
    return this.acts.filter(({ question, url }) => !question && !asked.some(({ op }) => url.includes(op)));
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
    if (this.isSending) return;
    clearTimeout(this.nextTry);
    this.isSending = true;
    const hadActs = this.sendable.length > 0;
    while (this.sendable.length && (await this.send(this.sendable[0]))) this.callbacks.changed();
    this.isSending = false;
    this.callbacks.changed();
    if (hadActs && !this.sendable.length) this.callbacks.settled();
  }

  answer(isMeant) {
    const [act] = this.asked;
    act.question = null;
    act.isConfirmed = isMeant;
    if (!isMeant) this.acts = this.acts.filter(({ op, url }) => op !== act.op && !url.includes(act.op));
    this.callbacks.changed();
    if (this.asked.length) this.callbacks.ask(this.asked[0]);
    this.drain();
  }

  /* Send one act; true when the next may follow at once. */
  async send(act) {
    let told;
    try {
      // Any answer tells the server's time.
      if (act.at && age.isUnsure(act.at)) await this.askForToken();
      told = await this.post(act);
      if (told.answer.error === "stale_token") told = (await this.renewToken()) ?? (await this.post(act));
    } catch {
      return this.retryLater();
    }
    const { response, answer } = told;
    this.hindrance = Outbox.SHUT_OUT.includes(answer.error) ? answer : null;
    if (response.status === 429) return this.retryLater(1000 * Number(response.headers.get("Retry-After") ?? 1));
    // A wifi's own page may be a 200 as well.
    const isOurs = !response.ok || answer.op === act.op;
    if (!isOurs || response.status >= 500 || [401, 403].includes(response.status)) return this.retryLater();
    this.failures = 0;
    if (answer.error === "case_paused") {
      act.question = answer;
      if (this.asked.length === 1) this.callbacks.ask(act);
      return true;
    }
    this.acts = this.acts.filter((each) => each !== act);
    if (response.ok) this.callbacks.answered(act, answer);
    else this.callbacks.refused(act, answer);
    return true;
  }

  async post(act) {
    return this.fetch(act.url, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": this.callbacks.token().value,
        "X-Language": document.documentElement.lang,
      },
      body: new URLSearchParams(act.fields()),
    });
  }

  // The token outlives a night, but not a server whose key was changed. Whoever is shut out gets none: that is told.
  async renewToken() {
    const told = await this.askForToken();
    if (Outbox.SHUT_OUT.includes(told.answer.error)) return told;
    if (!told.answer.csrf_token) throw new Error("no token");
    this.callbacks.token().value = told.answer.csrf_token;
    return null;
  }

  askForToken() {
    return this.fetch("/table/token", { headers: { Accept: "application/json" } });
  }

  async fetch(url, options) {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(Outbox.TIMEOUT_MS) });
    age.hear(response);
    return { response, answer: await response.json() };
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
