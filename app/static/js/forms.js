/*
forms.js: two comforts that a page does without: to look at the password one types, and to copy a link in one press.

<button type="button" hidden data-shows="ID" data-hide="Hide">Show</button> beside an input of type password
<button type="button" hidden data-copies="ID" data-done="Copied">Copy</button> beside an input that is only read
*/
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-shows]")) {
    const input = document.getElementById(button.dataset.shows);
    const show = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const isShown = input.type === "password";
      input.type = isShown ? "text" : "password";
      button.textContent = isShown ? button.dataset.hide : show;
      button.setAttribute("aria-pressed", String(isShown));
    });
    // A browser offers to keep what is typed as a password, not as a text.
    input.form.addEventListener("submit", () => { input.type = "password"; });
  }

  for (const button of document.querySelectorAll("[data-copies]")) {
    const input = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.addEventListener("click", async () => {
      input.select();
      try {
        await navigator.clipboard.writeText(input.value);
      } catch {
        // Plain http has no clipboard of its own; what is selected can still be copied.
        document.execCommand("copy");
      }
      button.textContent = button.dataset.done;
      document.getElementById("announcer").textContent = button.dataset.done;
    });
  }
})();
