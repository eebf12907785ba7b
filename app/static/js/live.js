/*
live.js: what a live number needs beside its poll, which is htmx's.

It holds polls back in hidden tabs and while updates are paused, marks a number that may be old, lets the last
hour grow old while nobody writes (a poll answers 204 then), ticks the clocks, says the count to screen readers
at most every 30 seconds, and celebrates a milestone in the hall. Without it the page reloads every 30 seconds.
*/
"use strict";

(() => {
  const SAY_EVERY_MS = 30000;
  const CELEBRATE_MS = 3000;
  const FRESH_MINUTES = 10;

  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language, { numberingSystem: "latn" });
  const plurals = new Intl.PluralRules(language);
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", numberingSystem: "latn" });
  const announcer = document.getElementById("announcer");
  const pause = document.querySelector("[data-pause-updates]");
  const pauseKey = `paused ${location.pathname}`;

  let lastNews = Date.now();
  let clockOffset = 0; // the server's clock minus this device's, in milliseconds
  let lastSaid = Date.now();
  let said = "";

  const tally = () => document.getElementById("tally");
  const serverNow = () => Date.now() + clockOffset;
  const isPaused = () => pause?.getAttribute("aria-pressed") === "true";
  const isPoll = (event) => event.detail?.ctx?.sourceElement?.id === "tally";

  function remember(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Private windows may keep nothing; the choice then lasts as long as the page.
    }
  }

  function recall(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  /* Polls. */

  document.addEventListener("htmx:before:request", (event) => {
    if (isPoll(event) && (document.hidden || isPaused())) event.preventDefault();
  });

  // 204 is news too: nothing has changed.
  document.addEventListener("htmx:after:request", (event) => {
    const response = isPoll(event) && event.detail.ctx.response?.raw;
    if (!response || response.status >= 400) return;
    lastNews = Date.now();
    const told = Date.parse(response.headers.get("Date"));
    if (told) clockOffset = told - Date.now();
    showAge();
  });

  let lettersBefore = Number(tally().dataset.letters);
  let milestone = Number(tally().dataset.milestone);
  document.addEventListener("htmx:after:swap", () => {
    const letters = Number(tally().dataset.letters);
    if (letters >= milestone && lettersBefore < milestone) celebrate(milestone);
    lettersBefore = letters;
    milestone = Number(tally().dataset.milestone);
    ageMinutes();
    showAge();
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) htmx.trigger(tally(), "wake");
  });

  /* Pause updates, remembered for this page. */

  function setPaused(paused) {
    pause.setAttribute("aria-pressed", paused);
    pause.classList.toggle("button--on", paused);
  }

  if (pause) {
    pause.hidden = false;
    setPaused(recall(pauseKey) === "yes");
    pause.addEventListener("click", () => {
      setPaused(!isPaused());
      remember(pauseKey, isPaused() ? "yes" : "no");
      lastNews = Date.now();
    });
  }

  /* Age: the mark of a number that may be old, and the sliding hour. */

  function showAge() {
    const patience = Math.max(10000, 3000 * Number(tally().dataset.pace));
    const isOld = !isPaused() && Date.now() - lastNews > patience;
    for (const mark of document.querySelectorAll("[data-stale]")) {
      mark.hidden = !isOld;
      mark.querySelector("[data-stale-since]").textContent = clock.format(lastNews);
    }
  }

  function ageMinutes() {
    const root = tally();
    if (!root.dataset.minutes) return;
    const values = root.dataset.minutes.split(" ").map(Number);
    const gone = Math.max(0, Math.floor(serverNow() / 60000) - Number(root.dataset.lastMinute));
    const slid = values.concat(Array(Math.min(gone, values.length)).fill(0)).slice(-values.length);
    const fresh = slid.slice(-FRESH_MINUTES).reduce((sum, value) => sum + value, 0);
    drawPulse(root.querySelector(".pulse:not(.pulse--hours)"), slid);
    for (const place of root.querySelectorAll("[data-fresh]")) {
      const forms = JSON.parse(place.dataset.forms);
      place.textContent = (forms[plurals.select(fresh)] ?? forms.other).replace("{n}", numbers.format(fresh));
    }
    for (const place of root.querySelectorAll("[data-fresh-number]")) place.textContent = numbers.format(fresh);
  }

  function drawPulse(chart, values) {
    if (!chart) return;
    const top = Math.max(1, ...values);
    chart.querySelectorAll("rect").forEach((bar, index) => {
      const height = values[index] ? (39 * values[index]) / top + 1 : 0.6;
      bar.setAttribute("y", 40 - height);
      bar.setAttribute("height", height);
    });
  }

  /* Clocks: whole minutes, as people say them. */

  function inWords(milliseconds) {
    const minutes = Math.max(0, Math.round(milliseconds / 60000));
    const part = (value, unit) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", numberingSystem: "latn" }).format(value);
    return minutes < 60
      ? part(minutes, "minute")
      : `${part(Math.floor(minutes / 60), "hour")} ${part(minutes % 60, "minute")}`;
  }

  function tick() {
    for (const place of document.querySelectorAll("[data-elapsed-since]")) {
      const until = place.dataset.until ? Date.parse(place.dataset.until) : serverNow();
      place.querySelector("bdi").textContent = inWords(until - Date.parse(place.dataset.elapsedSince));
    }
    for (const place of document.querySelectorAll("[data-left-until]")) {
      place.querySelector("bdi").textContent = inWords(Date.parse(place.dataset.leftUntil) - serverNow());
    }
  }

  /* Saying and celebrating. */

  function say() {
    const words = tally().dataset.says;
    if (isPaused() || words === said || Date.now() - lastSaid < SAY_EVERY_MS) return;
    lastSaid = Date.now();
    said = words;
    announcer.textContent = words;
  }

  function celebrate(reached) {
    const stamp = document.querySelector("[data-milestone-stamp]");
    if (!stamp) return;
    stamp.querySelector(".postmark-middle").textContent = numbers.format(reached);
    stamp.hidden = false;
    setTimeout(() => {
      for (const each of document.querySelectorAll("[data-milestone-stamp]")) each.hidden = true;
    }, CELEBRATE_MS);
  }

  said = tally().dataset.says;
  tick();
  ageMinutes();
  setInterval(() => {
    tick();
    ageMinutes();
    showAge();
    say();
  }, 1000);
})();
