// What ./run bench markup holds pages to: html-validate's recommended preset. What is not asked of
// us has its reason beside it.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // A template's own lines leave spaces behind; no browser cares, and compression eats them.
    "no-trailing-whitespace": "off",
    // In a form a button sends it: that is HTML's own meaning. One that does not says type="button".
    "no-implicit-button-type": "off",
    // Without scripts, and only so, live pages are read anew every 30 seconds.
    "meta-refresh": "off",
    // A list may have a name: ARIA allows it, and screen readers say it.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // Several boxes of one name are one choice of many.
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
  },
};
