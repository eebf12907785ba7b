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
    const firstEntry = () => document.querySelector("#entries .entry")?.id;
    let actsWhenAsked = 0;
    let shownFirst = null;
    document.addEventListener("htmx:before:request", (event) => {
      if (document.hidden || isSending()) event.preventDefault();
      actsWhenAsked = this.acts;
    });
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
