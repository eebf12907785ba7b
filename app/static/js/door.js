/*
door.js: names found while one types, taps that are tried again when the wifi is gone, polls held back where nobody looks.

Without it the search is a form that asks the server, by the same rule, and a tap loads the page anew.
*/
"use strict";

(() => {
  const RETRY_MS = 4000;
  const PATIENCE_MS = 10000;
  const SAY_EVERY_MS = 30000;

  const announcer = document.getElementById("announcer");
  const away = document.getElementById("door-away");
  const search = document.getElementById("q");
  const pause = document.querySelector("[data-pause-updates]");
  const stale = document.querySelector("[data-stale]");
  const pauseKey = `paused ${location.pathname}`;
  const unsent = new Map(); // party → the tap that nobody has answered, and whether it failed

  const door = () => document.getElementById("door");
  const rows = () => [...document.querySelectorAll("#door-list > li")];
  const isOf = (event, id) => event.detail.ctx?.sourceElement?.id === id;
  const isPaused = () => pause.getAttribute("aria-pressed") === "true";

  /* Search: as `door_queries.find_called` and `folding.folded` do. */

  const letters = JSON.parse(document.getElementById("door-search")?.dataset.letters ?? "{}");
  const swapLetters = (text) => [...text].map((letter) => letters[letter] ?? letter).join("");

  function folded(text) {
    const apart = swapLetters(text.toLowerCase().replaceAll("ς", "σ")).normalize("NFKD");
    const bare = apart.replace(/[\p{Mn}\p{Cf}]/gu, "").toLowerCase();
    return swapLetters(bare).split(/\s+/).filter(Boolean).join(" ");
  }

  function filter() {
    if (!search) return;
    const words = folded(search.value).split(" ").filter(Boolean);
    const starting = rows().filter(({ dataset: { key } }) => words.every((word) => ` ${key}`.includes(` ${word}`)));
    const called = starting.length
      ? starting
      : rows().filter(({ dataset: { key } }) => words.every((word) => key.includes(word)));
    for (const row of rows()) row.hidden = !called.includes(row);
    const nobody = document.getElementById("door-nobody");
    if (nobody) nobody.hidden = called.length > 0;
  }

  if (search) {
    document.getElementById("door-find").hidden = true;
    search.addEventListener("input", filter);
    // The next name is typed over the last one.
    search.addEventListener("focus", () => search.select());
    search.form.addEventListener("submit", (event) => {
      event.preventDefault();
      rows().find((row) => !row.hidden)?.querySelector("button")?.focus();
    });
  }

  /* Taps. */

  const partyOf = (body) => (body.get("let_in") ?? body.get("tap") ?? "").split(":")[0];

  function paint() {
    for (const row of rows()) {
      const waiting = unsent.get(row.id.replace("party-", ""));
      if (waiting) row.dataset.unsent = waiting.failed ? away.dataset.unsent : away.dataset.sending;
      else delete row.dataset.unsent;
    }
    away.hidden = ![...unsent.values()].some((waiting) => waiting.failed);
  }

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (isOf(event, "door") && (document.hidden || isPaused())) event.preventDefault();
    if (!isOf(event, "taps")) return;
    const party = partyOf(ctx.request.body);
    const name = ctx.request.body.has("let_in") ? "let_in" : "tap";
    const failed = unsent.get(party)?.failed ?? false;
    ctx.party = party;
    unsent.set(party, { values: { [name]: ctx.request.body.get(name) }, failed });
    paint();
  });

  function fail(event) {
    const { ctx } = event.detail;
    if (!ctx || !isOf(event, "taps") || !unsent.has(ctx.party)) return;
    const status = ctx.response?.status ?? 0;
    if (status && status < 500 && status !== 429) return; // a plain no, which the answer explains
    const waiting = unsent.get(ctx.party);
    if (!waiting.failed) announcer.textContent = away.textContent.trim();
    waiting.failed = true;
    paint();
    setTimeout(() => unsent.get(ctx.party) === waiting && send(waiting), RETRY_MS);
  }

  function send({ values }) {
    const source = document.getElementById("taps");
    if (source) htmx.ajax("POST", source.action, { source, target: "#door", swap: "outerMorph", values }).catch(() => {});
  }

  document.addEventListener("htmx:error", fail);
  document.addEventListener("htmx:response:error", fail);

  // A wifi's own page must not stand for the door, nor an older answer for a newer one.
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!["door", "taps", "heads", "heads-many"].includes(ctx.sourceElement?.id)) return;
    const { status } = ctx.response;
    const isOurs = status === 204 || (status < 500 && ctx.text.includes('id="door"'));
    if (!isOurs) {
      if (status < 400) {
        event.preventDefault();
        fail(event);
      }
      return;
    }
    answeredAt = Date.now();
    showAge();
    if (ctx.party) unsent.delete(ctx.party);
    const version = Number(/data-version="(\d+)"/.exec(ctx.text ?? "")?.[1] ?? Infinity);
    if (version < Number(door().dataset.version)) event.preventDefault();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    filter();
    paint();
    if (isOf(event, "walk-in")) {
      poll();
      document.querySelector("#walk-in [name=name]")?.focus();
    }
    if (isOf(event, "taps")) tell(document.querySelector("#door-refusal, #door-last > span")?.textContent);
  });

  addEventListener("beforeunload", (event) => {
    if (unsent.size) event.preventDefault();
  });

  /* The number: asked for where somebody looks, said now and then, marked when it may be old. */

  let answeredAt = Date.now();
  let saidAt = Date.now();
  let said = count();

  function count() {
    return document.getElementById("door-count")?.textContent.trim();
  }

  function poll() {
    door().dispatchEvent(new CustomEvent("every"));
  }

  function tell(words) {
    if (words) announcer.textContent = words.trim().replace(/\s+/g, " ");
  }

  function showAge() {
    const isOld = !isPaused() && Date.now() - answeredAt > PATIENCE_MS;
    if (stale.hidden === !isOld) return;
    const time = new Date(answeredAt).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn",
    });
    stale.textContent = stale.dataset.stale.replace("{time}", time);
    stale.hidden = !isOld;
  }

  function setPaused(paused) {
    pause.setAttribute("aria-pressed", paused);
    pause.classList.toggle("button--on", paused);
  }

  pause.hidden = false;
  try {
    setPaused(localStorage.getItem(pauseKey) === "yes");
  } catch {
    setPaused(false); // a window that keeps nothing
  }
  pause.addEventListener("click", () => {
    setPaused(!isPaused());
    try {
      localStorage.setItem(pauseKey, isPaused() ? "yes" : "no");
    } catch {
      // The choice then lasts as long as the page.
    }
    answeredAt = Date.now();
    if (!isPaused()) poll();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    answeredAt = Date.now();
    poll();
  });

  setInterval(() => {
    if (!document.hidden) showAge();
    if (count() === said || Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    said = count();
    tell(said);
  }, 1000);

  filter();
})();
