/* What pages do beyond HTML. Everything works without it: these are comforts. */
(function () {
  "use strict";
  const GUARD_MS = 6000;

  /* Buttons that need a script are hidden until there is one. */
  function reveal(root) {
    root.querySelectorAll("[data-dismiss][hidden], [data-print][hidden], [data-show-password][hidden]")
      .forEach((button) => { button.hidden = false; });
    root.querySelectorAll("[data-only-without-script]").forEach((part) => { part.hidden = true; });
  }

  function togglePassword(button) {
    const input = button.parentElement.querySelector("input");
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    button.querySelector("span").textContent = show ? "隐藏" : "显示";
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open], .confirm-over details.confirm[open], .head-acts details.confirm[open]")
      .forEach((menu) => { if (!except || !menu.contains(except)) menu.open = false; });
  }

  function say(words) {
    const main = document.getElementById("main");
    let box = document.getElementById("said");
    if (!box) {
      box = document.createElement("div");
      box.id = "said";
      box.className = "toasts";
      main.insertBefore(box, main.firstChild);
    }
    const toast = document.createElement("div");
    const text = document.createElement("p");
    toast.className = "toast toast-error";
    toast.setAttribute("role", "alert");
    text.textContent = words;
    toast.appendChild(text);
    box.replaceChildren ? box.replaceChildren(toast) : (box.textContent = "", box.appendChild(toast));
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target);
    const shower = target.closest("[data-show-password]");
    if (shower) togglePassword(shower);
    const dismisser = target.closest("[data-dismiss]");
    if (dismisser) dismisser.closest(dismisser.dataset.dismiss).remove();
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.activeElement && document.activeElement.closest("details.menu[open], details.confirm[open]");
      closeMenus(null);
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
      return;
    }
    if (!event.altKey && !event.ctrlKey) return;
    const keys = (event.altKey ? "Alt+" : "Ctrl+") + (event.key.length === 1 ? event.key.toUpperCase() : event.key);
    const wanted = Array.from(document.querySelectorAll("[data-shortcut]")).find((part) => part.dataset.shortcut === keys);
    if (wanted) {
      event.preventDefault();
      wanted.click();
    }
  });

  /* A double click sends one form. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || "noGuard" in form.dataset) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    window.setTimeout(() => { delete form.dataset.sending; }, GUARD_MS);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach((form) => { delete form.dataset.sending; });
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  /* htmx: a log-in page never lands inside a list, and a lost line says so. Hints that nobody
     asked for fail in silence, and what is being typed stays. */
  function isHint(event) {
    return event.target instanceof Element && event.target.matches(".hints");
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = new URL(event.detail.xhr.responseURL || window.location.href);
    if (answer.pathname.endsWith("/accounts/login/")) {
      event.detail.shouldSwap = false;
      if (!isHint(event)) window.location.reload();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => reveal(event.target));
  document.addEventListener("htmx:sendError", (event) => {
    if (!isHint(event)) say("没有连上服务器，请检查网络后再试。");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (!isHint(event)) say("服务器没有答复这次请求，请稍后再试或刷新页面。");
  });

  reveal(document);
  const complaints = document.querySelector("[data-focus]");
  if (complaints) complaints.focus();

  /* On narrow screens what narrows a list is folded away, unless it does so now. */
  const narrow = window.matchMedia("(max-width: 900px)");
  function fold() {
    document.querySelectorAll("details.filter-more").forEach((part) => {
      const inForce = Array.from(part.querySelectorAll("input, select")).some((field) => field.value !== "");
      part.open = !narrow.matches || inForce;
    });
  }
  fold();
  narrow.addEventListener("change", fold);

  /* Filters keep in the address only what was chosen. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    Object.keys(event.detail.parameters).forEach((name) => {
      if (event.detail.parameters[name] === "") delete event.detail.parameters[name];
    });
  });

  /* Offices share their computers: nothing typed stays in the browser after log-out. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='/logout/']")) return;
    forget(/^(sent:)?draft:/);
  });

  /* A page came after the form was sent: the copy kept for the way is not needed any more. */
  function forget(pattern) {
    Object.keys(localStorage).filter((key) => pattern.test(key))
      .forEach((key) => localStorage.removeItem(key));
  }
  if (document.querySelector(".mainnav") && !document.querySelector("form[data-draft]")) {
    forget(/^sent:/);
  }
})();
