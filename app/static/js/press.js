/*
press.js: one tap is one letter, at once on this screen (table.js), and kept until it is answered (outbox.js). Without
this script the same forms post by themselves.
*/
"use strict";

(() => {
  const { dock, undo, told, quantity, kinds, announcer, now, presses, cardOf } = table;
  const confirmBox = document.getElementById("confirm");
  let shownVersion = 0;

  const paint = () => table.paint(outbox);

  /* Acts: a press, or taking one back. */

  function add(act) {
    poll.forget();
    outbox.add(act);
  }

  function press(slug) {
    const act = {
      op: Outbox.newOp(),
      case: slug,
      kind: table.chosenKind().value,
      quantity: table.stackSize(),
      at: age.stamp(),
      sign: 1,
      counts: "counts" in now().dataset,
      url: presses().getAttribute("action"),
      fields: () => ({
        op: act.op,
        case: act.case,
        kind: act.kind,
        quantity: act.quantity,
        age_ms: age.since(act.at),
        ...(act.isConfirmed && { confirm: 1 }),
      }),
    };
    quantity.value = 1;
    add(act);
    const said = act.counts ? dock.dataset.said : dock.dataset.held;
    table.tellLast(act, said);
    undo.action = `${act.url}/${act.op}/take-back`;
    Object.assign(undo.dataset, { case: act.case, kind: act.kind, quantity: act.quantity });
    undo.hidden = false;
    announcer.textContent = table.fill(act.counts ? dock.dataset.saidTotal : said, {
      what: table.wordsOf(act),
      name: table.nameOf(slug),
      total: cardOf(slug).querySelector(".here .num").textContent,
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
    table.tellLast(act, dock.dataset.takenBack);
    announcer.textContent = table.last.textContent;
  }

  /* What the outbox and the poll tell. */

  const outbox = new Outbox({
    token: () => presses().elements.csrf_token,
    changed: paint,
    settled: () => poll.refresh(),
    answered(act, receipt) {
      const version = Number(receipt.version.split(".")[1]);
      if (version > shownVersion) {
        shownVersion = version;
        now().dataset.eventLetters = receipt.event_letters;
      }
      const card = cardOf(act.case);
      if (card) card.dataset.letters = receipt.case_letters;
      // The event was opened or closed since this page heard of it: that follows with the refresh.
      const isHeld = receipt.state === "held";
      if (isHeld === act.counts && !undo.hidden && undo.action.includes(act.op)) {
        table.tellLast(act, isHeld ? dock.dataset.held : dock.dataset.said);
        announcer.textContent = table.last.textContent;
      }
    },
    refused(act, answer) {
      undo.hidden = true;
      if (act.sign > 0) table.refused.push(answer);
      else table.tell(answer.message);
    },
    ask({ question }) {
      confirmBox.querySelector("p").textContent = question.message;
      confirmBox.hidden = false;
      confirmBox.querySelector("button").focus();
    },
  });

  const poll = new TablePoll({
    isSending: () => outbox.sendable.length > 0,
    swapped() {
      shownVersion = Number(now().dataset.version.split(".")[1]);
      paint();
      table.nameKinds().then(paint, () => {}); // they keep their names until the next time
    },
  });

  /* Listening. */

  confirmBox.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    confirmBox.hidden = true;
    cardOf(outbox.asked[0].case)?.querySelector(".press").focus();
    outbox.answer("yes" in button.dataset);
  });

  told.querySelector("button").addEventListener("click", () => {
    table.refused.length = 0;
    paint();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "presses" && event.submitter?.name === "case") {
      event.preventDefault();
      press(event.submitter.value);
    } else if ("takeBack" in form.dataset) {
      event.preventDefault();
      if (form === undo || !poll.wasAimedBefore()) takeBack(form);
      else table.tell(dock.dataset.moved);
    }
  });

  kinds.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter;
    for (const kind of kinds.querySelectorAll("button.kind")) kind.setAttribute("aria-pressed", kind === chosen);
    table.nameMore();
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
  // Enter, or a phone's "Go", ends the typing: which case is meant only a tap says.
  quantity.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    quantity.blur();
  });
  for (const wake of ["online", "pageshow"]) window.addEventListener(wake, () => outbox.drain());
  document.addEventListener("visibilitychange", () => document.hidden || outbox.drain());
  window.addEventListener("beforeunload", (event) => outbox.acts.length && event.preventDefault());

  paint();
})();
