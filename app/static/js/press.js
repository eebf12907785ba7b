/*
press.js: one tap is one letter, at once on this screen, and exactly once in the ledger.

Each press gets its own op here, joins a queue, and stays in it until the server has answered for it; a retry
sends the same op. What is shown is what the server said plus what is still in the queue. Without this script
the same forms post by themselves.
*/
"use strict";

(() => {
  const TIMEOUT_MS = 8000;
  const LONGEST_WAIT_MS = 30000;

  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language);
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

  const queue = [];
  let acts = 0; // how many acts this page has seen: a poll asked before the last one is stale
  let sending = false;
  let failures = 0;
  let waiting = null; // the timer of the next try
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

  // crypto.randomUUID is missing on plain http, where many halls are.
  function newOp() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function wordsOf(act) {
    return counted(JSON.parse(kindOf(act.kind).dataset.counted), act.quantity);
  }

  function stackSize() {
    return quantity.validity.valid ? quantity.valueAsNumber : 1;
  }

  /* What is shown: the server's numbers plus what waits here. */

  function pendingLetters(matches) {
    return queue
      .filter((act) => matches(act) && act.counts && "isLetter" in kindOf(act.kind).dataset)
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
    const isAway = failures > 0 && queue.length > 0;
    const words = linkState.querySelector("span");
    linkState.classList.toggle("link-state--away", isAway);
    linkState.classList.toggle("link-state--saving", !isAway && queue.length > 0);
    if (isAway) words.textContent = counted(JSON.parse(dock.dataset.away), queue.length);
    else words.textContent = queue.length ? dock.dataset.sending : dock.dataset.here;
  }

  function tellLast(act, pattern) {
    const name = cardOf(act.case)?.querySelector("h2").textContent ?? "";
    last.textContent = fill(pattern, { what: wordsOf(act), name });
  }

  /* Acts: a press, or taking one back. */

  function add(act) {
    acts += 1;
    queue.push(act);
    paint();
    drain();
  }

  function press(slug) {
    const act = {
      op: newOp(),
      case: slug,
      kind: chosenKind().value,
      quantity: stackSize(),
      pressedAt: Date.now(),
      sign: 1,
      counts: "counts" in now().dataset,
      url: presses().getAttribute("action"),
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
      op: newOp(),
      case: form.dataset.case,
      kind: form.dataset.kind,
      quantity: Number(form.dataset.quantity),
      sign: -1,
      counts: "counts" in now().dataset && !("held" in form.dataset),
      url: form.getAttribute("action"),
    };
    if (form === undo) undo.hidden = true;
    else form.hidden = true;
    add(act);
    tellLast(act, dock.dataset.takenBack);
    announcer.textContent = last.textContent;
  }

  /* Sending, oldest first, one at a time, until the queue is empty. */

  async function drain() {
    if (sending || confirmBox.dataset.op) return;
    clearTimeout(waiting);
    sending = true;
    while (queue.length && (await send(queue[0]))) paint();
    sending = false;
    paint();
    if (!queue.length) htmx.trigger(now(), "refresh");
  }

  function bodyOf(act) {
    const body = new URLSearchParams({ op: act.op });
    if (act.sign > 0) {
      body.set("case", act.case);
      body.set("kind", act.kind);
      body.set("quantity", act.quantity);
      body.set("age_ms", Math.max(0, Date.now() - act.pressedAt));
      if (act.confirmed) body.set("confirm", "1");
    }
    return body;
  }

  async function send(act) {
    try {
      const response = await fetch(act.url, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": presses().elements.csrf_token.value },
        body: bodyOf(act),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const answer = await response.json();
      return response.ok ? settle(act, answer) : refused(act, response, answer);
    } catch {
      return retryIn(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures));
    }
  }

  function retryIn(milliseconds) {
    failures += 1;
    clearTimeout(waiting);
    waiting = setTimeout(drain, milliseconds * (0.75 + Math.random() / 2));
    return false;
  }

  function settle(act, receipt) {
    failures = 0;
    queue.shift();
    const version = Number(receipt.version.split(".")[1]);
    if (version > shownVersion) {
      shownVersion = version;
      now().dataset.eventLetters = receipt.event_letters;
    }
    const card = cardOf(act.case);
    if (card) card.dataset.letters = receipt.case_letters;
    return true;
  }

  async function refused(act, response, answer) {
    if (response.status === 429) return retryIn(1000 * Number(response.headers.get("Retry-After") ?? 1));
    if (response.status >= 500) return retryIn(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures));
    if (answer.error === "bad_csrf" && !act.hasFreshToken) return freshToken(act);
    if (answer.error === "case_paused") return ask(act, answer.message);
    queue.shift();
    undo.hidden = true;
    last.textContent = answer.message;
    announcer.textContent = answer.message;
    return true;
  }

  // The token outlives a night, but not a server whose key was changed.
  async function freshToken(act) {
    const response = await fetch("/table/token", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error("no token");
    presses().elements.csrf_token.value = (await response.json()).csrf_token;
    act.hasFreshToken = true;
    return true;
  }

  function ask(act, message) {
    confirmBox.dataset.op = act.op;
    confirmBox.querySelector("p").textContent = message;
    confirmBox.hidden = false;
    confirmBox.querySelector("button").focus();
    return false;
  }

  confirmBox.addEventListener("click", (event) => {
    if (!event.target.value) return;
    if (event.target.value === "yes") queue[0].confirmed = true;
    else queue.shift();
    cardOf(queue[0]?.case)?.querySelector(".press").focus();
    delete confirmBox.dataset.op;
    confirmBox.hidden = true;
    drain();
  });

  /* Listening. */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "presses" && event.submitter?.name === "case") {
      event.preventDefault();
      press(event.submitter.value);
    } else if ("takeBack" in form.dataset) {
      event.preventDefault();
      takeBack(form);
    }
  });

  kinds.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter;
    for (const kind of kinds.querySelectorAll("button.kind")) kind.setAttribute("aria-pressed", kind === chosen);
    const more = kinds.querySelector(".kinds-more");
    const summary = more.querySelector("summary");
    summary.textContent = more.contains(chosen) ? chosen.textContent : summary.dataset.more;
    if (more.open && more.contains(chosen)) {
      more.open = false;
      summary.focus();
    }
    history.replaceState(null, "", `?kind=${chosen.value}`);
    paint();
  });

  quantity.addEventListener("input", paint);
  quantity.addEventListener("focus", () => quantity.select());
  for (const wake of ["online", "pageshow"]) window.addEventListener(wake, drain);
  document.addEventListener("visibilitychange", () => document.hidden || drain());
  window.addEventListener("beforeunload", (event) => queue.length && event.preventDefault());

  // A poll must not undo what was pressed since it was asked.
  let actsWhenAsked = 0;
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden || queue.length) event.preventDefault();
    actsWhenAsked = acts;
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (actsWhenAsked !== acts) event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", () => {
    shownVersion = Number(now().dataset.version.split(".")[1]);
    paint();
  });

  paint();
})();
