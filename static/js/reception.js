/* The page of a register line with a script: opinions come and go, deputies are found by typing,
   Ctrl+Enter saves. A register that has no opinions or no such picker leaves that part out.
   Without it the same page works by its buttons. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;

  /* opinions */
  const list = form.querySelector("[data-opinions]");
  const template = form.querySelector("[data-opinion-template]");
  const total = form.querySelector("[name=opinions-TOTAL_FORMS]");
  const least = Number((form.querySelector("[name=opinions-MIN_NUM_FORMS]") || {}).value || 0);

  function shown() {
    return Array.from(list.querySelectorAll("[data-opinion]")).filter((one) => !one.hidden);
  }

  function number() {
    shown().forEach(function (opinion, index) {
      opinion.querySelectorAll("[data-nth]").forEach((place) => (place.textContent = index + 1));
      const remove = opinion.querySelector(".opinion-x");
      remove.hidden = shown().length <= least;
    });
  }

  function add(event) {
    event.preventDefault();
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replace(/__prefix__/g, total.value);
    total.value = Number(total.value) + 1;
    const opinion = holder.firstElementChild;
    list.appendChild(opinion);
    number();
    suit(opinion);
    opinion.querySelector("textarea").focus();
  }

  function hide(part, away) {
    if (part) part.hidden = away;
  }

  function suit(opinion) {
    const chosen = opinion.querySelector("input[type=radio]:checked");
    const way = chosen ? chosen.value : "";
    hide(opinion.querySelector("[data-declined]"), way !== "declined");
    hide(opinion.querySelector("[data-pointed]"), way !== "declined" && way !== "petition");
    opinion.querySelectorAll("[data-handled]").forEach((part) => hide(part, way === "declined"));
    const channel = form.querySelector("[name=channel]:checked");
    const away = channel && ["letter", "online", "mailbox"].includes(channel.value);
    hide(opinion.querySelector("[data-told]"), away);
  }

  if (list) {
    form.querySelector("[data-add-opinion]").addEventListener("click", add);
    list.addEventListener("change", function (event) {
      const opinion = event.target.closest("[data-opinion]");
      if (event.target.name.endsWith("-DELETE") && event.target.checked) {
        opinion.hidden = true;
        number();
      }
      suit(opinion);
    });
    form.addEventListener("change", function (event) {
      if (event.target.name === "channel") shown().forEach(suit);
    });
    shown().forEach(suit);
    number();
  }

  /* deputies: the picked ones stand in the box, in the order they were picked */
  const picker = form.querySelector("[data-picker]");
  const picked = picker && picker.querySelector("[data-picked]");
  const offered = picker && picker.querySelector("[data-offered]");
  const find = picker && picker.querySelector("[data-find]");

  function place(label) {
    const box = label.querySelector("input");
    if (box.checked) picked.insertBefore(label, find);
    else offered.appendChild(label);
  }

  function narrow() {
    const words = find.value.trim().toLowerCase().replace(/\s+/g, "");
    Array.from(offered.children).forEach(function (label) {
      const names = (label.dataset.names || "").toLowerCase();
      const parts = names.split(" ");
      const hit = parts[0].includes(words) || (parts[1] || "").startsWith(words) ||
        parts.slice(2).join("").startsWith(words);
      label.hidden = words ? !hit : "elsewhere" in label.dataset;
    });
  }

  function pickFirst(event) {
    if (event.key !== "Enter" || event.ctrlKey || !find.value.trim()) return;
    event.preventDefault();
    const words = find.value.trim().toLowerCase();
    const named = (label) => (label.dataset.names || "").toLowerCase().split(" ");
    const meant = (label) => named(label)[0] === words || named(label)[1] === words;
    /* Somebody picked already is meant; people of other stations only by their whole name. */
    const again = Array.from(picked.querySelectorAll("label.choice")).some(meant);
    const first = again ? null : Array.from(offered.children).find(
      (label) => !label.hidden && (!("elsewhere" in label.dataset) || named(label)[0] === words));
    if (!first) {
      if (again) find.value = "";
      narrow();
      return;
    }
    first.querySelector("input").checked = true;
    place(first);
    find.value = "";
    narrow();
    form.dispatchEvent(new Event("change"));
  }

  if (offered && offered.querySelector("input")) {
    picked.hidden = false;
    picker.querySelectorAll("label.choice").forEach(place);
    picker.addEventListener("change", function (event) {
      if (event.target.type !== "checkbox") return;
      place(event.target.closest("label"));
      narrow();
      find.focus();
    });
    find.addEventListener("input", narrow);
    find.addEventListener("keydown", pickFirst);
    narrow();
  }

  /* hints are asked for only where there is a network to ask, and of no more than they need */
  const asked = /^(station|phone|visitor_name)$|-(statement|category)$/;
  document.addEventListener("htmx:configRequest", function (event) {
    if (!event.target.matches(".hints")) return;
    const typed = event.detail.parameters;
    Object.keys(typed).forEach(function (name) {
      if (!asked.test(name)) delete typed[name];
      else if (name.endsWith("-statement")) typed[name] = String(typed[name]).slice(0, 80);
    });
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (navigator.onLine === false && event.target.matches(".hints")) event.preventDefault();
  });

  /* keys */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.querySelector("[data-save]").click();
    }
  });
})();
