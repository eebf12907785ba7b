/*
seats.js: the seats left of an event's lists, beside their poll, which is htmx's.

It holds polls back in hidden tabs and while updates are paused; where js/live.js has its own button, by that one.
*/
"use strict";

(() => {
  const own = document.querySelector("[data-pause-seats]");
  const pause = document.querySelector("[data-pause-updates]") ?? own;
  if (!document.getElementById("seats")) return;

  document.addEventListener("htmx:config:request", (event) => {
    if (event.detail.ctx?.sourceElement?.id !== "seats") return;
    if (document.hidden || pause?.getAttribute("aria-pressed") === "true") event.preventDefault();
  });

  if (pause === own && own) {
    own.hidden = false;
    own.addEventListener("click", () => {
      const isPaused = own.getAttribute("aria-pressed") !== "true";
      own.setAttribute("aria-pressed", String(isPaused));
      own.classList.toggle("button--on", isPaused);
    });
  }
})();
