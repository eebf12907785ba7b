/*
press.js: one tap is one letter, at once on this screen. What is shown is what the server said plus what is still
in the outbox (outbox.js). Without this script the same forms post by themselves.
*/
"use strict";

(() => {
  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language, { numberingSystem: "latn", useGrouping: "always" });
  const plurals = new Intl.PluralRules(language);
  const dock = document.getElementById("dock");
  const last = document.getElementById("last");
  const undo = document.getElementById("undo");
  const confirmBox = document.getElementById("confirm");
  const linkState = document.getElementById("link-state");
  const quantity = document.getElementById("quantity");
  const kinds = document.getElementById("kinds");
  const announcer = document.getElementById("announcer");
  const eventTotal = document.getElementById("event-letters");

  let actsSeen = 0; // a poll that was asked before the last act is stale
  let shownVersion = 0;

  const now = () => document.getElementById("table-now");
  const presses = () => document.getElementById("presses");
  const cardOf = (slug) => document.getElementById(`case-${slug}`);
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

  /* What is shown: the server's numbers plus what waits here. */

  function pendingLetters(matches) {
    return outbox.acts
      .filter((act) => matches(act) && act.counts && "isLetter" in factsOf(act.kind))
      .reduce((sum, act) => sum + act.sign * act.quantity, 0);
  }

  function paint() {
    const size = stackSize();
    const kind = chosenKind();
    const noun = JSON.parse(kind.dataset.nouns);
    document.body.classList.toggle("stacked", size > 1);
    presses().elements.kind.value = kind.value;
    for (const card of document.querySelectorAll(".press-card")) {
      const letters = Number(card.dataset.letters) + pendingLetters((act) => act.case === card.dataset.case);
      paintCount(card, letters);
      card.querySelector(".press .num").textContent = `+${numbers.format(size)}`;
      card.querySelector(".press .noun").textContent = noun[plurals.select(size)] ?? noun.other;
    }
    eventTotal.textContent = numbers.format(Number(now().dataset.eventLetters) + pendingLetters(() => true));
    paintLink();
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

  function paintLink() {
    const { isAway, acts } = outbox;
    const words = linkState.querySelector("span");
    linkState.classList.toggle("link-state--away", isAway);
    linkState.classList.toggle("link-state--saving", !isAway && acts.length > 0);
    if (isAway) words.textContent = counted(JSON.parse(dock.dataset.away), acts.length);
    else words.textContent = acts.length ? dock.dataset.sending : dock.dataset.here;
  }

  function tellLast(act, pattern) {
    const name = cardOf(act.case)?.querySelector("h2").textContent ?? "";
    last.textContent = fill(pattern, { what: wordsOf(act), name });
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
    paint();
  }

  /* Acts: a press, or taking one back. */

  function add(act) {
    actsSeen += 1;
    outbox.add(act);
  }

  function press(slug) {
    const act = {
      op: Outbox.newOp(),
      case: slug,
      kind: chosenKind().value,
      quantity: stackSize(),
      pressedAt: Date.now(),
      sign: 1,
      counts: "counts" in now().dataset,
      url: presses().getAttribute("action"),
      fields: () => ({
        op: act.op,
        case: act.case,
        kind: act.kind,
        quantity: act.quantity,
        age_ms: Math.max(0, Date.now() - act.pressedAt),
        ...(act.isConfirmed && { confirm: 1 }),
      }),
    };
    quantity.value = 1;
    add(act);
    tellLast(act, dock.dataset.said);
    undo.action = `${act.url}/${act.op}/take-back`;
    Object.assign(undo.dataset, { case: act.case, kind: act.kind, quantity: act.quantity });
    undo.hidden = false;
    const card = cardOf(slug);
    announcer.textContent = fill(dock.dataset.saidTotal, {
      what: wordsOf(act),
      name: card.querySelector("h2").textContent,
      total: card.querySelector(".here .num").textContent,
    });
  }

  function takeBack(form) {
    const act = {
      op: Outbox.newOp(),
      case: form.dataset.case,
      kind: form.dataset.kind,
      quantity: Number(form.dataset.quantity),
      sign: -1,
      counts: "counts" in now().dataset && !("held" in form.dataset),
      url: form.getAttribute("action"),
      fields: () => ({ op: act.op }),
    };
    if (form === undo) undo.hidden = true;
    else form.hidden = true;
    add(act);
    tellLast(act, dock.dataset.takenBack);
    announcer.textContent = last.textContent;
  }

  /* What the outbox tells. */

  const outbox = new Outbox({
    token: () => presses().elements.csrf_token,
    changed: () => paint(),
    settled: () => htmx.trigger(now(), "refresh"),
    answered(act, receipt) {
      const version = Number(receipt.version.split(".")[1]);
      if (version > shownVersion) {
        shownVersion = version;
        now().dataset.eventLetters = receipt.event_letters;
      }
      const card = cardOf(act.case);
      if (card) card.dataset.letters = receipt.case_letters;
    },
    refused(act, answer) {
      tell(answer.message);
    },
    ask(act, answer) {
      confirmBox.querySelector("p").textContent = answer.message;
      confirmBox.hidden = false;
      confirmBox.querySelector("button").focus();
    },
  });

  confirmBox.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const slug = outbox.acts[0].case;
    confirmBox.hidden = true;
    outbox.answer("yes" in button.dataset);
    cardOf(slug)?.querySelector(".press").focus();
  });

  /* The list of last letters must not move a button under a finger: while a hand is at it, it stays as it is, and
     a tap that was aimed before it moved does nothing but say so. */

  const HANDS_OFF_MS = 2000;
  const AIMED_MS = 700;
  let handAt = -HANDS_OFF_MS;
  let movedAt = -AIMED_MS;
  let tappedAt = -AIMED_MS;
  let shownFirst = null;

  const firstEntry = () => document.querySelector("#entries .entry")?.id;
  const isAtTheList = () => performance.now() - handAt < HANDS_OFF_MS;
  const wasAimedBefore = () => tappedAt >= movedAt && tappedAt - movedAt < AIMED_MS;

  for (const kind of ["pointerdown", "pointermove", "pointerup"]) {
    document.addEventListener(kind, (event) => {
      if (kind === "pointerdown") tappedAt = event.timeStamp;
      if (event.target.closest?.("#entries")) handAt = event.timeStamp;
    });
  }

  /* Listening. */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "presses" && event.submitter?.name === "case") {
      event.preventDefault();
      press(event.submitter.value);
    } else if ("takeBack" in form.dataset) {
      event.preventDefault();
      if (form === undo || !wasAimedBefore()) takeBack(form);
      else tell(dock.dataset.moved);
    }
  });

  kinds.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter;
    for (const kind of kinds.querySelectorAll("button.kind")) kind.setAttribute("aria-pressed", kind === chosen);
    nameMore();
    const more = chosen.closest(".kinds-more");
    if (more?.open) {
      more.open = false;
      more.querySelector("summary").focus();
    }
    history.replaceState(null, "", `?kind=${chosen.value}`);
    paint();
  });

  quantity.addEventListener("input", paint);
  quantity.addEventListener("focus", () => quantity.select());
  for (const wake of ["online", "pageshow"]) window.addEventListener(wake, () => outbox.drain());
  document.addEventListener("visibilitychange", () => document.hidden || outbox.drain());
  window.addEventListener("beforeunload", (event) => outbox.acts.length && event.preventDefault());

  // A poll must not undo what was pressed since it was asked.
  let actsWhenAsked = 0;
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden || outbox.acts.length) event.preventDefault();
    actsWhenAsked = actsSeen;
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (actsWhenAsked !== actsSeen) event.preventDefault();
    else if (isAtTheList()) {
      event.preventDefault();
      setTimeout(() => htmx.trigger(now(), "refresh"), HANDS_OFF_MS);
    } else shownFirst = firstEntry();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (firstEntry() !== shownFirst) movedAt = performance.now();
    shownVersion = Number(now().dataset.version.split(".")[1]);
    paint();
    nameKinds().catch(() => {}); // they keep their names until the next time
  });

  paint();
})();
