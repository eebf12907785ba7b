/*
copy.js: buttons that copy what stands in a field, and an event's hours by the reader's own clock.

[data-copies] names the field; without a script the field can be marked and copied by hand, and its button is hidden.
[data-your-time] on a <time> with its end in data-until; shown only where the reader's clock differs from the event's.
*/
"use strict";

(() => {
  const { lang } = document.documentElement;
  const language = lang === "en" ? "en-GB" : lang;
  const announcer = document.getElementById("announcer");

  function setUp(button) {
    const field = document.getElementById(button.dataset.copies);
    const words = button.querySelector("span");
    const usual = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!(await copy(field))) return;
      words.textContent = button.dataset.copied;
      announcer.textContent = button.dataset.copied;
      setTimeout(() => (words.textContent = usual), 2000);
    });
  }

  async function copy(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // Plain http knows no clipboard: mark it, so that one key copies it.
      field.focus();
      field.select();
      return false;
    }
  }

  // As the server writes hours: "04:00" in English, "4:00" in Spanish and Arabic.
  const early = new Intl.DateTimeFormat(language, { timeStyle: "short", numberingSystem: "latn" });
  const hour = early.format(new Date(2000, 0, 1, 4)).startsWith("0") ? "2-digit" : "numeric";

  const clock = (timeZone) =>
    new Intl.DateTimeFormat(language, {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour,
      minute: "2-digit",
      numberingSystem: "latn",
      timeZone,
    });

  function tellYourTime(time) {
    const { zone, until, yourTime } = time.dataset;
    const start = new Date(time.dateTime);
    if (clock().format(start) === clock(zone).format(start)) return;
    const line = document.createElement("span");
    line.className = "your-time soft small";
    // A range says its day once where both ends lie on it.
    line.textContent = yourTime.replace("{time}", clock().formatRange(start, new Date(until)));
    time.closest("dd").append(line);
  }

  document.querySelectorAll("[data-copies]").forEach(setUp);
  document.querySelectorAll("time[data-your-time]").forEach(tellYourTime);
})();
