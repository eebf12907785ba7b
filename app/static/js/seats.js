/*
seats.js: the seats left of an event's lists, or of a list of events, beside their poll, which is htmx's.

It holds polls back in hidden tabs and while updates are paused; where js/live.js has its own button, by that one. An
answer to what is not asked any more is dropped.
*/
"use strict";

(() => {
  const own = document.querySelector("[data-pause-seats]");
  const pause = document.querySelector("[data-pause-updates]") ?? own;
  const polled = () => document.querySelector("#seats, #events[hx-get]");
  const isHeld = () => document.hidden || pause?.getAttribute("aria-pressed") === "true";
  const isPoll = (event) => event.detail.ctx?.sourceElement?.matches("#seats, #events");

  document.addEventListener("htmx:config:request", (event) => {
    if (isPoll(event)) event.detail.ctx.polled = polled();
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (isPoll(event) && isHeld()) event.preventDefault();
  });

  document.addEventListener("htmx:after:request", (event) => {
    if (isPoll(event) && (isHeld() || event.detail.ctx.polled !== polled())) event.preventDefault();
  });

  if (pause !== own || !own) return;
  const show = () => (own.hidden = !polled());
  show();
  document.addEventListener("htmx:after:swap", show);
  own.addEventListener("click", () => {
    const isPaused = own.getAttribute("aria-pressed") !== "true";
    own.setAttribute("aria-pressed", String(isPaused));
    own.classList.toggle("button--on", isPaused);
  });
})();
