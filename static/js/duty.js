/* The duty year: deputies dragged to another day, and a page that stays where it was.
   Everything here can be done by the forms as well. */
(function () {
  "use strict";
  const PLACE = "duty-year-top";
  const year = document.querySelector(".plan-edit");
  if (!year) return;

  /* After a form the page comes back where it was left: the panel stands beside it. */
  const wide = window.matchMedia("(min-width: 901px)");
  const left = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const bad = document.querySelector(".plan-panel .field.bad");
  if (bad) bad.scrollIntoView({ block: "nearest" });
  else if (left && wide.matches) window.addEventListener("load", () => window.scrollTo(0, Number(left)));
  document.addEventListener("submit", (event) => {
    if (event.target.closest(".plan-cols")) sessionStorage.setItem(PLACE, String(window.scrollY));
  });

  /* The day whose panel is open is marked; the address says which, for reload and way back. */
  function mark(key) {
    year.querySelectorAll(".here").forEach((part) => part.classList.remove("here"));
    if (!key) return;
    year.querySelectorAll("li[data-key='" + key + "'], td [data-opens='" + key + "']")
      .forEach((part) => part.classList.add("here"));
  }
  const panel = document.getElementById("panel");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== panel) return;
    mark(event.detail.requestConfig.elt.dataset.opens);
    if (wide.matches) {
      panel.scrollTop = 0;
      panel.focus({ preventScroll: true });
    } else {
      panel.scrollIntoView();
      panel.focus();
    }
    revealHint();
  });

  function revealHint() {
    const hint = document.querySelector(".plan-drag");
    if (hint && wide.matches && year.querySelector("[data-day] [data-person]")) hint.hidden = false;
  }
  revealHint();

  year.querySelectorAll("[data-day] [data-person]").forEach((name) => { name.draggable = true; });
  let dragged = null;
  year.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-person]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.textContent);
  });
  year.addEventListener("dragend", () => {
    dragged = null;
    clear();
  });
  function clear() {
    year.querySelectorAll(".over").forEach((row) => row.classList.remove("over"));
  }
  function landing(event) {
    const row = event.target.closest("li[data-day]");
    return dragged && row && row !== dragged.closest("li") ? row : null;
  }
  year.addEventListener("dragover", (event) => {
    const row = landing(event);
    clear();
    if (!row) return;
    event.preventDefault();
    row.classList.add("over");
  });
  year.addEventListener("drop", (event) => {
    const row = landing(event);
    if (!row) return;
    event.preventDefault();
    send(row.dataset.day, {
      deputy: dragged.dataset.person,
      leaving: dragged.dataset.row,
      next: window.location.pathname,
    });
  });

  function send(address, values) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    Object.entries({ ...values, csrfmiddlewaretoken: token.value }).forEach(([name, value]) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.appendChild(field);
    });
    sessionStorage.setItem(PLACE, String(window.scrollY));
    document.body.appendChild(form);
    form.submit();
  }
})();
