/*
letters.js: how many entries are ticked on the organiser's list, and a range of them with Shift. Without it the
same boxes and buttons work.
*/
"use strict";

(() => {
  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language, { numberingSystem: "latn", useGrouping: "always" });
  const plurals = new Intl.PluralRules(language);
  const boxes = () => [...document.querySelectorAll("#entries input[name=entry]")];
  let last = null;

  function paint() {
    const place = document.querySelector("[data-ticked]");
    if (!place) return;
    const all = document.querySelector("#mend input[name=all]")?.checked ?? false;
    const ticked = boxes().filter((box) => box.checked).length;
    const forms = JSON.parse(place.dataset.ticked);
    place.textContent = (forms[plurals.select(ticked)] ?? forms.other).replace("{n}", numbers.format(ticked));
    place.hidden = all || !ticked;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.matches("#entries input[name=entry]")) return;
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    paint();
  });

  document.addEventListener("change", paint);
  // A list without empty questions in its address is one that can be kept and sent on.
  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    if (sourceElement.id !== "narrow") return;
    for (const [name, value] of [...request.body]) if (!value) request.body.delete(name);
  });
  // What was done is read first; the filter keeps the focus that it has.
  document.addEventListener("htmx:after:swap", () => {
    last = null;
    paint();
    if (document.activeElement !== document.body) return;
    const told = document.querySelector("#done, #skipped") ?? document.getElementById("letters-title");
    told?.focus();
  });
  paint();
})();
