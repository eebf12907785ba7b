/*
table.js: what a table's page shows: the server's numbers plus what still waits in the outbox, in words of its
language, and how its kinds are called. What is pressed is press.js, what is asked by itself is table-poll.js.
*/
"use strict";

const table = (() => {
  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language, { numberingSystem: "latn", useGrouping: "always" });
  const plurals = new Intl.PluralRules(language);
  const dock = document.getElementById("dock");
  const last = document.getElementById("last");
  const undo = document.getElementById("undo");
  const told = document.getElementById("told");
  const linkState = document.getElementById("link-state");
  const quantity = document.getElementById("quantity");
  const kinds = document.getElementById("kinds");
  const announcer = document.getElementById("announcer");
  const eventTotal = document.getElementById("event-letters");

  const now = () => document.getElementById("table-now");
  const presses = () => document.getElementById("presses");
  const cardOf = (slug) => document.getElementById(`case-${slug}`);
  const nameOf = (slug) => cardOf(slug)?.querySelector("h2").textContent ?? "";
  const kindOf = (name) => kinds.querySelector(`.kind[value="${name}"]`);
  const chosenKind = () => kinds.querySelector('.kind[aria-pressed="true"]');
  const fill = (text, slots) => text.replace(/\{(\w+)\}/g, (all, name) => slots[name] ?? all);

  function counted(forms, n) {
    return fill(forms[plurals.select(n)] ?? forms.other, { n: numbers.format(n) });
  }

  // What was logged of a kind that the section has hidden since can be taken back, too.
  const factsOf = (name) => kindOf(name)?.dataset ?? {};

  function wordsOf(act) {
    const forms = factsOf(act.kind).counted;
    return forms ? counted(JSON.parse(forms), act.quantity) : numbers.format(act.quantity);
  }

  function stackSize() {
    return quantity.validity.valid ? quantity.valueAsNumber : 1;
  }

  /* Numbers. */

  function pendingLetters(acts, matches) {
    return acts
      .filter((act) => matches(act) && act.counts && "isLetter" in factsOf(act.kind))
      .reduce((sum, act) => sum + act.sign * act.quantity, 0);
  }

  function paint(outbox) {
    const { acts } = outbox;
    const size = stackSize();
    const kind = chosenKind();
    const noun = JSON.parse(kind.dataset.nouns);
    document.body.classList.toggle("stacked", size > 1);
    presses().elements.kind.value = kind.value;
    for (const card of document.querySelectorAll(".press-card")) {
      paintCount(card, Number(card.dataset.letters) + pendingLetters(acts, (act) => act.case === card.dataset.case));
      card.querySelector(".press .num").textContent = `+${numbers.format(size)}`;
      card.querySelector(".press .noun").textContent = noun[plurals.select(size)] ?? noun.other;
    }
    eventTotal.textContent = numbers.format(Number(now().dataset.eventLetters) + pendingLetters(acts, () => true));
    paintLink(outbox);
    paintTold(outbox);
  }

  function paintCount(card, letters) {
    const number = card.querySelector(".here .num");
    const tally = card.querySelector(".tally");
    if (Number(tally.dataset.tally) === letters && number.textContent === numbers.format(letters)) return;
    const grew = letters > Number(tally.dataset.tally);
    const shown = letters <= 20 ? letters : 16 + ((letters - 1) % 5);
    number.textContent = numbers.format(letters);
    tally.dataset.tally = letters;
    tally.classList.toggle("tally--more", letters > 20);
    tally.querySelectorAll("path").forEach((stroke, index) => {
      stroke.classList.toggle("on", index < shown);
      stroke.classList.toggle("fresh", grew && index === shown - 1);
    });
  }

  /* Words. */

  function paintLink({ isAway, acts }) {
    const words = linkState.querySelector("span");
    linkState.classList.toggle("link-state--away", isAway);
    linkState.classList.toggle("link-state--saving", !isAway && acts.length > 0);
    if (isAway) words.textContent = counted(JSON.parse(dock.dataset.away), acts.length);
    else words.textContent = acts.length ? dock.dataset.sending : dock.dataset.here;
  }

  // What was not taken, or waits until somebody has joined again, is all that the dock shows.
  const refused = [];

  function paintTold({ hindrance, acts }) {
    const answer = hindrance ?? refused.at(-1);
    told.hidden = !answer;
    if (!answer) return;
    const forms = JSON.parse(hindrance ? dock.dataset.kept : dock.dataset.refused);
    const words = `${answer.message} ${counted(forms, hindrance ? acts.length : refused.length)}`;
    const place = told.querySelector("p");
    if (place.textContent !== words) place.textContent = words;
    told.querySelector("a").hidden = !hindrance;
    told.querySelector("button").hidden = Boolean(hindrance);
  }

  function tellLast(act, pattern) {
    last.textContent = fill(pattern, { what: wordsOf(act), name: nameOf(act.case) });
  }

  // Words about something else than the last letter, beside which nothing is to be taken back.
  function tell(words) {
    undo.hidden = true;
    last.textContent = words;
    announcer.textContent = words;
  }

  /* Kinds: the section may call them otherwise while this page is open; which there are it learns when it loads. */

  function nameMore() {
    const summary = kinds.querySelector("summary");
    const chosen = chosenKind();
    if (summary) summary.textContent = chosen.closest(".kinds-more") ? chosen.textContent : summary.dataset.more;
  }

  async function nameKinds() {
    const called = now().dataset.kinds;
    if (called === kinds.dataset.called) return;
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(Outbox.TIMEOUT_MS) });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const said of page.querySelectorAll("#kinds button.kind")) {
      const kind = kindOf(said.value) ?? said;
      kind.textContent = said.textContent;
      Object.assign(kind.dataset, said.dataset);
    }
    kinds.dataset.called = called;
    nameMore();
  }

  return { dock, last, undo, told, refused, quantity, kinds, announcer, now, presses, cardOf, nameOf, chosenKind, fill, wordsOf, stackSize, paint, tellLast, tell, nameMore, nameKinds };
})();
