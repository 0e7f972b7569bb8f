/* 复制文字: puts the text beside the button into the clipboard. Offices open the portal on plain
   http, where browsers have no clipboard interface: there the text is selected and copied. */
(function () {
  "use strict";

  function bySelection(field) {
    field.focus();
    field.setSelectionRange(0, field.value.length);
    try {
      return document.execCommand("copy");
    } catch (error) {
      return false;
    }
  }

  function tell(box, done) {
    box.querySelector("[data-copied]").textContent = done ? "已复制" : "没有复制成，请长按或用 Ctrl+C 复制";
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const box = button.closest("[data-copy-box]");
    const field = box.querySelector("textarea");
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(field.value).then(() => tell(box, true), () => tell(box, bySelection(field)));
    } else {
      const done = bySelection(field);
      if (done) button.focus();
      tell(box, done);
    }
  });

  function reveal(root) {
    root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  }
  document.addEventListener("htmx:afterSwap", (event) => reveal(event.target));
  reveal(document);
})();
