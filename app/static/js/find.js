/*
find.js: how many events were found is said once, politely; the address keeps only what was asked. Without it the same
form finds the same events.
*/
"use strict";

(() => {
  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    if (sourceElement.id !== "find") return;
    for (const [name, value] of [...request.body]) if (!value) request.body.delete(name);
  });

  document.addEventListener("htmx:after:swap", (event) => {
    // The list also follows by itself, which nobody asked to hear of.
    if (event.detail.ctx?.sourceElement?.id !== "find") return;
    const found = document.getElementById("found");
    if (found) document.getElementById("announcer").textContent = found.textContent;
  });
})();
