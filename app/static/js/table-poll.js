/*
table-poll.js: a table's page asks by itself, through htmx, what has become true since. No answer may undo what was
pressed since it was asked, nor move a button under a finger.

  const poll = new TablePoll({ isSending, swapped })
  poll.refresh()             ask now
  poll.forget()              something was pressed: an answer that was asked for before is stale
  poll.wasAimedBefore()      whether the list of last letters has moved since the finger took aim
*/
"use strict";

class TablePoll {
  static HANDS_OFF_MS = 2000;
  static AIMED_MS = 700;

  constructor({ isSending, swapped }) {
    this.acts = 0;
    this.handAt = -TablePoll.HANDS_OFF_MS;
    this.movedAt = -TablePoll.AIMED_MS;
    this.tappedAt = -TablePoll.AIMED_MS;
    this.watchHands();
    this.offerPause();
    const firstEntry = () => document.querySelector("#entries .entry")?.id;
    let actsWhenAsked = 0;
    let shownFirst = null;
    document.addEventListener("htmx:before:request", (event) => {
      const isByItself = event.detail.ctx.sourceEvent?.type === "every";
      if (document.hidden || isSending() || (isByItself && this.isPaused())) event.preventDefault();
      actsWhenAsked = this.acts;
    });
    document.addEventListener("htmx:after:request", (event) => age.hear(event.detail.ctx.response));
    document.addEventListener("htmx:before:swap", (event) => {
      if (actsWhenAsked !== this.acts) event.preventDefault();
      else if (performance.now() - this.handAt < TablePoll.HANDS_OFF_MS) {
        event.preventDefault();
        setTimeout(() => this.refresh(), TablePoll.HANDS_OFF_MS);
      } else shownFirst = firstEntry();
    });
    document.addEventListener("htmx:after:swap", () => {
      if (firstEntry() !== shownFirst) this.movedAt = performance.now();
      swapped();
    });
  }

  // While a hand is at the list of last letters it stays as it is, and a tap that was aimed before it moved does nothing.
  watchHands() {
    for (const kind of ["pointerdown", "pointermove", "pointerup"]) {
      document.addEventListener(kind, (event) => {
        if (kind === "pointerdown") this.tappedAt = event.timeStamp;
        if (event.target.closest?.("#entries")) this.handAt = event.timeStamp;
      });
    }
  }

  /* Pause updates, remembered; what one's own press brings is no update that comes by itself. */

  isPaused() {
    return this.pause.getAttribute("aria-pressed") === "true";
  }

  setPaused(paused) {
    this.pause.setAttribute("aria-pressed", paused);
    this.pause.classList.toggle("button--on", paused);
  }

  offerPause() {
    this.pause = document.querySelector("[data-pause-updates]");
    this.pause.hidden = false;
    try {
      this.setPaused(localStorage.getItem("paused /table/") === "yes");
    } catch {
      // A window that keeps nothing: the choice lasts as long as the page.
    }
    this.pause.addEventListener("click", () => {
      this.setPaused(!this.isPaused());
      try {
        localStorage.setItem("paused /table/", this.isPaused() ? "yes" : "no");
      } catch {
        // As above.
      }
      if (!this.isPaused()) this.refresh();
    });
  }

  refresh() {
    htmx.trigger(document.getElementById("table-now"), "refresh");
  }

  forget() {
    this.acts += 1;
  }

  wasAimedBefore() {
    return this.tappedAt >= this.movedAt && this.tappedAt - this.movedAt < TablePoll.AIMED_MS;
  }
}
