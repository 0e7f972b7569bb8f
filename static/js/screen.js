/* The sign-in screen: counts down to the next code, fetches it on time, says when the line is cut. */
(function () {
  "use strict";

  window.setInterval(() => {
    const left = document.querySelector("[data-left]");
    const seconds = Math.max(0, Number(left.textContent) - 1);
    left.textContent = String(seconds);
    if (seconds === 0) window.htmx.trigger("#board", "stale");
  }, 1000);

  function cut() {
    document.querySelector("[data-online]").hidden = true;
    document.querySelector("[data-offline]").hidden = false;
  }
  /* The next part that arrives says again that all is well. */
  document.addEventListener("htmx:sendError", cut);
  document.addEventListener("htmx:responseError", cut);
})();
