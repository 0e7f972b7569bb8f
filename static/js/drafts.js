/* Keeps what is typed into forms: on the server a moment after each change, in this browser only
   while there is no network. Local copies belong to their user and go away at log-out. */
(function () {
  "use strict";
  const PREFIX = "draft:";
  const SENT = "sent:";
  const forms = Array.from(document.querySelectorAll("form[data-draft]"));
  if (!forms.length) return;

  const user = forms[0].dataset.user;
  const own = PREFIX + user + ":";
  const token = forms[0].querySelector("[name=csrfmiddlewaretoken]").value;

  /* A chosen file stays where it is: only words are kept. The token goes with each sending: it is
     another one after the next log-in. */
  function typed(form) {
    const words = Array.from(new FormData(form))
      .filter((pair) => typeof pair[1] === "string" && pair[0] !== "csrfmiddlewaretoken");
    return new URLSearchParams(words);
  }

  async function send(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token },
      body,
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") throw new Error("signed out");
    if (!answer.ok) throw new Error("refused");
    return answer.json();
  }

  function watch(form) {
    const place = form.querySelector("[data-draft-state]") || document.querySelector("[data-draft-state]");
    const state = place && (place.querySelector("span") || place);
    const localKey = own + form.dataset.draft;
    let timer = 0;
    let dirty = false;
    let leaving = false;

    function say(words) {
      if (state) state.textContent = words;
    }

    async function keep() {
      if (!dirty || leaving) return;
      dirty = false;
      const body = typed(form).toString();
      try {
        const saved = await send(form.dataset.draft, body);
        localStorage.removeItem(localKey);
        say("草稿已存 · " + saved.saved_at + "，断网、关页都不会丢");
      } catch (error) {
        dirty = true;
        if (error.message === "signed out") {
          say("登录已过期：请在新窗口登录后再保存，这里的内容还在");
        } else if (error.message === "refused") {
          say("草稿暂时存不了，请先保存");
        } else {
          localStorage.setItem(localKey, body);
          say("网络断开，草稿先存在本机，联网后自动补存");
        }
      }
    }

    function later() {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 1200);
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      /* Kept until the next page has come: the line may break on the way. */
      localStorage.setItem(SENT + localKey, typed(form).toString());
      if (navigator.onLine === false) {
        event.preventDefault();
        event.stopImmediatePropagation();
        dirty = true;
        say("没有网络：内容已存在本机，联网后再点保存");
        return;
      }
      leaving = true;
    }, true);

    return {
      keep,
      isDirty: () => dirty,
      stay() { leaving = false; },
      /* The window is closed or put away: no time is left for an answer. */
      beacon() {
        if (!dirty || leaving) return;
        const words = typed(form);
        words.append("csrfmiddlewaretoken", token);
        navigator.sendBeacon(form.dataset.draft, words);
      },
      /* The page came back with what was sent, and shows it. */
      forgetSent() {
        if (!("fresh" in form.dataset)) localStorage.removeItem(SENT + localKey);
      },
    };
  }

  /* Sends what was kept in this browser; returns how much of it is to be gone on with. */
  async function resend() {
    let waiting = 0;
    for (const key of Object.keys(localStorage)) {
      const name = key.replace(SENT, "");
      if (!name.startsWith(own)) continue;
      try {
        const saved = await send(name.slice(own.length), localStorage.getItem(key));
        localStorage.removeItem(key);
        if (saved.kept !== false) waiting += 1;
      } catch (error) {
        if (error.message !== "refused") return waiting;
      }
    }
    return waiting;
  }

  const watched = forms.map(watch);
  window.addEventListener("pageshow", function () {
    watched.forEach((one) => one.stay());
  });
  window.addEventListener("online", function () {
    resend().then(() => watched.forEach((one) => one.keep()));
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") watched.forEach((one) => one.beacon());
  });
  watched.forEach((one) => one.forgetSent());
  if (document.querySelector(".toast-success")) { /* what was sent has arrived */
    Object.keys(localStorage).filter((key) => key.startsWith(SENT + own))
      .forEach((key) => localStorage.removeItem(key));
  }
  resend().then(function (waiting) {
    /* A page opened before its draft arrived: show what can be gone on with. */
    const fresh = forms.every((form) => "fresh" in form.dataset);
    if (waiting && fresh && !watched.some((one) => one.isDirty())) window.location.reload();
  });
})();
