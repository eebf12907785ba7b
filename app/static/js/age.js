/*
age.js: how long ago something was. A phone has two clocks: one that people and networks set, and a steady one that may
stand still while the phone sleeps. Where they disagree, the server's tells which was wrong (decision 14).

  age.stamp()                now, by both clocks
  age.hear(response)         what the server's clock says now
  age.isUnsure(stamp)        whether the clocks disagree about it, and the server was not heard since
  age.since(stamp)           milliseconds
*/
"use strict";

const age = (() => {
  const TOLERANCE_MS = 5000;
  let heard = null;

  const stamp = () => ({ wall: Date.now(), steady: performance.now(), heard });
  const wallSince = ({ wall }) => Date.now() - wall;
  const steadySince = ({ steady }) => Math.round(performance.now() - steady);
  const agree = (then) => Math.abs(wallSince(then) - steadySince(then)) < TOLERANCE_MS;

  function hear(response) {
    const told = Date.parse(response.headers.get("Date"));
    if (told) heard = { ...stamp(), heard: null, told };
  }

  function isUnsure(then) {
    return !agree(then) && (heard === then.heard || !agree(heard));
  }

  function since(then) {
    const before = then.heard;
    // Never too long: the steady clock is set by nobody.
    if (agree(then) || !before || heard === before) return steadySince(then);
    const passed = heard.told - before.told;
    const wasSet = passed - (heard.wall - before.wall);
    return Math.max(steadySince(then), Math.min(passed + steadySince(heard), wallSince(then) + wasSet));
  }

  return { stamp, hear, isUnsure, since };
})();
