/*
live.js: what a live number needs beside its poll, which is htmx's.

It holds polls back in hidden tabs and while updates are paused, marks a number that may be old, ticks the clocks,
keeps open what was open and the focus where it was, says the count to screen readers at most every 30 seconds, and
celebrates a milestone in the hall. Without it the page reloads every 30 seconds.
*/
"use strict";

(() => {
  const SAY_EVERY_MS = 30000;
  const CELEBRATE_MS = 3000;
  const LEAST_PATIENCE_MS = 10000;
  const CLOCK_IS_WRONG_MS = 1500;

  // Plain English is American to browsers; ours is British.
  const { lang } = document.documentElement;
  const language = lang === "en" ? "en-GB" : lang;
  const { zone, now } = document.querySelector("[data-zone]").dataset;
  const numbers = new Intl.NumberFormat(language, { numberingSystem: "latn", useGrouping: "always" });
  const ago = new Intl.RelativeTimeFormat(language, { numberingSystem: "latn" });
  const announcer = document.getElementById("announcer");
  const pause = document.querySelector("[data-pause-updates]");
  const pauseKey = `paused ${location.pathname}`;

  const tally = () => document.getElementById("tally");
  const isPaused = () => pause?.getAttribute("aria-pressed") === "true";
  const isHeld = () => document.hidden || isPaused();
  const isOfTally = (event) => event.detail.ctx?.sourceElement?.id === "tally";

  let answeredAt = Date.now();
  let patientUntil = 0; // a tab that comes back, or goes on, asks first and complains later
  let drawnAt = Date.now();
  let skew = Date.parse(now) - Date.now(); // the server's clock is the right one
  let shown = { letters: Number(tally().dataset.letters), milestone: Number(tally().dataset.milestone) };

  const serverNow = () => Date.now() + skew;

  /* Polls. */

  function poll() {
    patientUntil = Date.now() + LEAST_PATIENCE_MS;
    tally().dispatchEvent(new CustomEvent("every"));
  }

  document.addEventListener("htmx:config:request", (event) => {
    if (!isOfTally(event)) return;
    const { request } = event.detail.ctx;
    // A browser's own cache would hold a second-old answer back from the hall for another second.
    request.cache = "no-store";
    const standsFor = Number(tally().dataset.standsFor);
    if (standsFor && Date.now() - drawnAt > standsFor * 1000) {
      // Nobody wrote, and yet the last hour is not what it was: ask for it whatever the version.
      const url = new URL(request.action, document.baseURI);
      url.searchParams.set("v", "");
      request.action = url.pathname + url.search;
    }
  });

  // At the last moment: where answers take long, htmx keeps the next poll waiting, while somebody may press Pause.
  document.addEventListener("htmx:before:request", (event) => {
    if (isOfTally(event) && isHeld()) event.preventDefault();
  });

  document.addEventListener("htmx:after:request", (event) => {
    if (!isOfTally(event)) return;
    const { response, text } = event.detail.ctx;
    // A wifi's sign-in page is a 200 as well; 204 is news: nothing has changed.
    if (response.status !== 204 && !(response.status === 200 && text.includes('id="tally"'))) {
      event.preventDefault();
      return;
    }
    answeredAt = Date.now();
    const told = Date.parse(response.headers.get("Date"));
    if (told && Math.abs(told - serverNow()) > CLOCK_IS_WRONG_MS) skew = told - Date.now();
    showAge();
    if (isHeld()) event.preventDefault(); // it was asked for before
  });

  /* A swap keeps the focus, and what was open, where they were. */

  let kept = { open: [], focus: -1 };
  const focusable = () => [...tally().querySelectorAll("a, button, summary")];
  const folds = () => [...tally().querySelectorAll("details")];

  document.addEventListener("htmx:before:swap", () => {
    // Counted from the end: what needs somebody may appear above everything else.
    kept = { open: folds().map((fold) => fold.open), focus: focusable().reverse().indexOf(document.activeElement) };
  });

  document.addEventListener("htmx:before:settle", () => {
    folds().forEach((fold, index) => (fold.open = kept.open[index] ?? false));
    if (kept.focus >= 0) focusable().reverse()[kept.focus]?.focus({ preventScroll: true });
    drawnAt = Date.now();
    tick();
    renewCounts();
    noteGrowth();
  });

  // Numbers elsewhere on the page that the fragment knows: of cases, events, tables and their devices.
  function renewCounts() {
    for (const [id, words] of Object.entries(JSON.parse(tally().dataset.words ?? "{}"))) {
      const place = document.getElementById(id);
      // A text field that somebody marks stays as it is until they leave it, one that they changed for good.
      if (place && place !== document.activeElement && place.value === place.defaultValue) write(place, words);
    }
    for (const [id, count] of Object.entries(JSON.parse(tally().dataset.counts ?? "{}"))) {
      const row = document.getElementById(id);
      const number = row?.querySelector(".num");
      if (!number || number.textContent === numbers.format(count)) continue;
      number.textContent = numbers.format(count);
      const seen = row.querySelector("[data-ago]");
      if (seen) seen.dateTime = new Date(serverNow()).toISOString();
    }
  }

  document.addEventListener("focusout", () => setTimeout(renewCounts));

  function noteGrowth() {
    const { letters, milestone } = tally().dataset;
    const before = shown;
    shown = { letters: Number(letters), milestone: Number(milestone) };
    if (shown.letters <= before.letters) return;
    const stroke = tally().querySelector(".tally-run path:last-child");
    stroke?.setAttribute("pathLength", "1");
    stroke?.classList.add("fresh");
    if (before.milestone && shown.letters >= before.milestone) celebrate(before.milestone);
  }

  function celebrate(reached) {
    const stamp = document.querySelector("[data-milestone-stamp]");
    if (!stamp) return;
    stamp.querySelector(".postmark-middle").textContent = numbers.format(reached);
    stamp.hidden = false;
    setTimeout(() => (stamp.hidden = true), CELEBRATE_MS);
  }

  /* The mark of a number that may be old. */

  function showAge() {
    const patience = Math.max(LEAST_PATIENCE_MS, 2500 * Number(tally().dataset.pace));
    const isOld = !isPaused() && Date.now() > patientUntil && Date.now() - answeredAt > patience;
    for (const mark of document.querySelectorAll("[data-stale]")) {
      if (mark.hidden === !isOld) continue;
      mark.textContent = mark.dataset.stale.replace("{time}", clock(answeredAt));
      mark.hidden = !isOld;
      if (isOld) announcer.textContent = mark.textContent;
      // Whoever was told that the number may be old is told it anew.
      else said = "";
    }
  }

  function clock(moment) {
    const how = { timeStyle: "short", numberingSystem: "latn" };
    return new Intl.DateTimeFormat(language, { ...how, timeZone: zone }).format(moment + skew);
  }

  /* Clocks: whole minutes, in the page's own words. */

  function tick() {
    const [short, long] = JSON.parse(document.querySelector("[data-patterns]")?.dataset.patterns ?? "[]");
    for (const place of document.querySelectorAll(".clocks dd")) {
      const { since, until } = place.dataset;
      const minutes = Math.max(0, minuteOf(until) - minuteOf(since));
      const words = minutes < 60 ? short : long.replace("{h}", numbers.format(Math.floor(minutes / 60)));
      write(place.querySelector("bdi"), words.replace("{m}", numbers.format(minutes % 60)));
    }
    for (const place of document.querySelectorAll("[data-ago]")) {
      const minutes = Math.floor((serverNow() - Date.parse(place.dateTime)) / 60000);
      if (minutes >= 2) {
        write(place, minutes < 60 ? ago.format(-minutes, "minute") : ago.format(-Math.floor(minutes / 60), "hour"));
      }
    }
  }

  // Cut to the minute like the server's, so that all clocks on a screen turn together.
  function minuteOf(moment) {
    return Math.floor((moment ? Date.parse(moment) : serverNow()) / 60000);
  }

  function write(place, words) {
    if (place.textContent !== words) place.textContent = words;
  }

  /* Say the count now and then; one's own press is said where it is pressed. */

  let saidAt = Date.now();
  let said = tally().dataset.says;

  function say() {
    const words = tally().dataset.says;
    if (document.hidden || isPaused() || words === said || Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    said = words;
    announcer.textContent = words;
  }

  /* Pause updates, remembered for this page. */

  function setPaused(paused) {
    pause.setAttribute("aria-pressed", paused);
    pause.classList.toggle("button--on", paused);
    showAge();
  }

  function remembered() {
    try {
      return localStorage.getItem(pauseKey) === "yes";
    } catch {
      return false; // a window that keeps nothing
    }
  }

  function remember(paused) {
    try {
      localStorage.setItem(pauseKey, paused ? "yes" : "no");
    } catch {
      // The choice then lasts as long as the page.
    }
  }

  if (pause) {
    pause.hidden = false;
    setPaused(remembered());
    pause.addEventListener("click", () => {
      setPaused(!isPaused());
      remember(isPaused());
      if (!isPaused()) poll();
    });
  }

  /* A projector runs all night. */

  async function stayAwake() {
    if (!document.querySelector("[data-stays-awake]") || document.hidden) return;
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // A machine that is low on power may say no.
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    poll();
    stayAwake();
  });

  stayAwake();
  tick();
  setInterval(() => {
    tick();
    showAge();
    say();
  }, 1000);
})();
