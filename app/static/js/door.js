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
  const signed = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn", signDisplay: "exceptZero" });
  const unsent = new Map(); // party, or op of counted heads → the tap that nobody has answered, and whether it failed

  const door = () => document.getElementById("door");
  const question = () => door().getAttribute("hx-get");
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

  const TAPPED = ["taps", "heads", "heads-many"];
  const newOp = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const wordsFor = (failed) => (failed ? away.dataset.unsent : away.dataset.sending);

  function readTap(body) {
    const name = body.has("let_in") ? "let_in" : "tap";
    const said = body.get(name) ?? "";
    const key = said.split(":")[0];
    return { key, source: "taps", values: { [name]: said }, failed: unsent.get(key)?.failed ?? false };
  }

  // An op of its own, by which a tap whose answer was lost is not counted again.
  function readHeads(body) {
    const key = newOp();
    const heads = body.get("way") === "go" ? -body.get("more") : Number(body.get("more"));
    return { key, source: "heads", values: { more: heads, op: key }, heads, failed: false };
  }

  function paintHeads() {
    const place = document.getElementById("heads-unsent");
    if (!place) return;
    const waiting = [...unsent.values()].filter((tap) => tap.heads);
    place.hidden = !waiting.length;
    place.querySelector("bdi").textContent = signed.format(waiting.reduce((sum, tap) => sum + tap.heads, 0));
    place.querySelector("span").textContent = wordsFor(waiting.some((tap) => tap.failed));
  }

  function paint() {
    paintHeads();
    for (const row of rows()) {
      const waiting = unsent.get(row.id.replace("party-", ""));
      if (waiting) row.dataset.unsent = wordsFor(waiting.failed);
      else delete row.dataset.unsent;
    }
    away.hidden = ![...unsent.values()].some((waiting) => waiting.failed);
  }

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const { id } = ctx.sourceElement;
    ctx.asked = question();
    if (id === "walk-in") markWalkIn(false);
    if (!TAPPED.includes(id) || ctx.tap) return;
    ctx.tap = id === "taps" ? readTap(ctx.request.body) : readHeads(ctx.request.body);
    ctx.request.body.delete("way"); // it is in the number's sign by now
    for (const [name, value] of Object.entries(ctx.tap.values)) ctx.request.body.set(name, value);
    unsent.set(ctx.tap.key, ctx.tap);
    paint();
    // What is on its way is not typed any more: it would be added again.
    if (id === "heads-many") document.getElementById("more").value = "";
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (isOf(event, "door") && (document.hidden || isPaused())) event.preventDefault();
  });

  function fail(event) {
    const { tap, response } = event.detail.ctx ?? {};
    const status = response?.status ?? 0;
    const isNo = status >= 400 && status < 500 && status !== 429; // which the answer explains
    if (isOf(event, "walk-in")) markWalkIn(!isNo);
    if (!tap || !isWaiting(tap)) return;
    if (isNo) {
      unsent.delete(tap.key);
      return paint();
    }
    if (!tap.failed) announcer.textContent = away.textContent.trim();
    tap.failed = true;
    paint();
    setTimeout(() => isWaiting(tap) && send(tap), RETRY_MS);
  }

  // Sent again by hand, it is still one: the form carries an op.
  function markWalkIn(isUnsent) {
    const mark = document.querySelector("#walk-in [data-unsent]");
    mark.hidden = !isUnsent;
    if (isUnsent) tell(mark.textContent);
  }

  function isWaiting(tap) {
    return unsent.get(tap.key) === tap;
  }

  function send(tap) {
    const source = document.getElementById(tap.source);
    if (source) htmx.ajax("POST", source.action, { source, target: "#door", swap: "outerMorph", values: tap.values, tap }).catch(() => {});
  }

  document.addEventListener("htmx:error", fail);
  document.addEventListener("htmx:response:error", fail);

  // A wifi's own page must not stand for the door, nor an older answer for a newer one.
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const { id } = ctx.sourceElement ?? {};
    if (!["door", "walk-in", ...TAPPED].includes(id)) return;
    const { status } = ctx.response;
    const place = id === "walk-in" ? id : "door";
    const isOurs = status === 204 || (status < 500 && ctx.text.includes(`id="${place}"`));
    if (!isOurs) {
      if (status < 400) {
        event.preventDefault();
        fail(event);
      }
      return;
    }
    answeredAt = Date.now();
    showAge();
    if (ctx.tap && isWaiting(ctx.tap)) unsent.delete(ctx.tap.key);
    const version = Number(/data-version="(\d+)"/.exec(ctx.text ?? "")?.[1] ?? Infinity);
    // A poll that was asked before the last tap knows nothing of it.
    const isPast = id === "door" && (isPaused() || ctx.asked !== question());
    if (isPast || version < Number(door().dataset.version)) event.preventDefault();
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
    const { lang } = document.documentElement;
    const how = { timeStyle: "short", numberingSystem: "latn" };
    const time = new Date(answeredAt).toLocaleTimeString(lang === "en" ? "en-GB" : lang, how);
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
