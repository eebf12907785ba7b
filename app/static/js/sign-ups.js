/*
sign-ups.js: what the live list of sign-ups needs beside its poll, which is htmx's.

It holds polls back in hidden tabs and while updates are paused, keeps open what was open while rows come and go, lets no
late answer to another question in, says how many are new, and counts what is ticked. Without it a link shows the newest.
*/
"use strict";

(() => {
  const LEAST_PATIENCE_MS = 10000;
  const { lang } = document.documentElement;
  const numbers = new Intl.NumberFormat(lang, { numberingSystem: "latn", useGrouping: "always" });
  const times = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeStyle: "short", numberingSystem: "latn" });
  const plurals = new Intl.PluralRules(lang);
  const announcer = document.getElementById("announcer");
  const pause = document.querySelector("[data-pause-updates]");
  const pauseKey = `paused ${location.pathname}`;
  const list = () => document.getElementById("sign-ups");
  if (!list()) return;

  const rows = () => [...list().querySelectorAll("tr[id]")].map((row) => row.id);
  const boxes = () => [...list().querySelectorAll("input[name=sign_up][type=checkbox]")];
  const isPaused = () => pause?.getAttribute("aria-pressed") === "true";
  const isHeld = () => document.hidden || isPaused();
  const isPoll = (event) => event.detail.ctx?.sourceElement?.id === "sign-ups";
  const counted = (forms, n) => (forms[plurals.select(n)] ?? forms.other).replace("{n}", numbers.format(n));
  const asked = () => new URLSearchParams([...new FormData(document.getElementById("narrow"))].filter(([, value]) => value)).toString();

  let answeredAt = Date.now();
  let known = rows();
  let wasPoll = false;
  let last = null;

  /* Polls, and what is narrowed. */

  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    if (sourceElement.id === "narrow") {
      // A list without empty questions in its address is one that can be kept.
      for (const [name, value] of [...request.body]) if (!value) request.body.delete(name);
      sourceElement.dataset.asked = asked();
    }
    if (!isPoll(event)) return;
    request.cache = "no-store";
    event.detail.ctx.asked = document.getElementById("narrow").dataset.asked;
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (isPoll(event) && isHeld()) event.preventDefault();
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    wasPoll = isPoll(event);
    if (!wasPoll) return;
    // A wifi's own page is a 200 as well, and so is the answer to what is not asked any more.
    const isOurs = ctx.response.status === 204 || (ctx.response.status === 200 && ctx.text.includes('id="sign-ups"'));
    if (!isOurs || ctx.asked !== document.getElementById("narrow").dataset.asked) return event.preventDefault();
    answeredAt = Date.now();
    showAge();
    if (isHeld()) event.preventDefault(); // it was asked for before
  });

  /* A morph keeps focus and text; what somebody unfolded stays open, too. */

  htmx.config.morphIgnore.push("open");

  document.addEventListener("htmx:after:swap", () => {
    const now = rows();
    const fresh = now.filter((id) => !known.includes(id));
    known = now;
    paint();
    if (wasPoll && fresh.length) {
      announcer.textContent = counted(JSON.parse(list().dataset.says), fresh.length);
      for (const id of fresh) document.getElementById(id).classList.add("fresh-row");
    }
    if (!wasPoll && document.activeElement === document.body) list().querySelector("#done, #refused, h2")?.focus();
    wasPoll = false;
  });

  /* What is ticked; a range of it with Shift. */

  function paint() {
    const place = list().querySelector("[data-ticked]");
    if (!place) return;
    const all = list().querySelector("#mend input[name=all]").checked;
    const ticked = boxes().filter((box) => box.checked).length;
    place.textContent = counted(JSON.parse(place.dataset.ticked), ticked);
    place.hidden = all || !ticked;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.matches("#sign-ups input[name=sign_up]")) return;
    const every = boxes();
    const [from, to] = [every.indexOf(last), every.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      for (const box of every.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    paint();
  });
  document.addEventListener("change", paint);

  /* The mark of a list that may be old, and Pause updates, remembered for this page. */

  function showAge() {
    const isOld = !isPaused() && !document.hidden && Date.now() - answeredAt > LEAST_PATIENCE_MS;
    for (const mark of document.querySelectorAll("[data-stale]")) {
      if (mark.hidden === !isOld) continue;
      mark.textContent = mark.dataset.stale.replace("{time}", times.format(answeredAt));
      mark.hidden = !isOld;
    }
  }

  function setPaused(paused) {
    pause.setAttribute("aria-pressed", paused);
    pause.classList.toggle("button--on", paused);
    answeredAt = Date.now();
    showAge();
  }

  function remembered() {
    try {
      return localStorage.getItem(pauseKey) === "yes";
    } catch {
      return false; // a window that keeps nothing
    }
  }

  pause.hidden = false;
  setPaused(remembered());
  pause.addEventListener("click", () => {
    setPaused(!isPaused());
    try {
      localStorage.setItem(pauseKey, isPaused() ? "yes" : "no");
    } catch {
      // The choice then lasts as long as the page.
    }
  });
  document.addEventListener("visibilitychange", () => (answeredAt = Date.now()));
  document.getElementById("narrow").dataset.asked = asked();
  paint();
  setInterval(showAge, 1000);
})();
