/* Keeps what is typed: on the server a moment after each change, in this browser only while
   there is no network. Local copies belong to their user and go away at log-out. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  const PREFIX = "draft:";
  const SENT = "sent:";
  if (!form) return;

  const state = document.querySelector("[data-draft-state] span");
  const localKey = PREFIX + form.dataset.user + ":" + form.dataset.draft;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let timer = 0;
  let dirty = false;
  let leaving = false;

  function say(words) {
    if (state) state.textContent = words;
  }

  function typed() {
    return new URLSearchParams(new FormData(form)).toString();
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

  async function keep() {
    if (!dirty || leaving) return;
    dirty = false;
    const body = typed();
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

  function beacon() {
    if (!dirty || leaving) return;
    navigator.sendBeacon(form.dataset.draft, new FormData(form));
  }

  /* Sends what was kept in this browser; returns how much of it has arrived. */
  async function resend() {
    let arrived = 0;
    for (const key of Object.keys(localStorage)) {
      const own = key.replace(SENT, "");
      if (!own.startsWith(PREFIX + form.dataset.user + ":")) continue;
      const address = own.slice((PREFIX + form.dataset.user + ":").length);
      try {
        await send(address, localStorage.getItem(key));
        localStorage.removeItem(key);
        arrived += 1;
      } catch (error) {
        return arrived;
      }
    }
    return arrived;
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    /* Kept until the next page has come: the line may break on the way. */
    localStorage.setItem(SENT + localKey, typed());
    if (navigator.onLine === false) {
      event.preventDefault();
      event.stopImmediatePropagation();
      dirty = true;
      say("没有网络：内容已存在本机，联网后再点保存");
      return;
    }
    leaving = true;
  }, true);
  window.addEventListener("pageshow", function () {
    leaving = false;
  });
  window.addEventListener("online", function () {
    resend().then(keep);
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") beacon();
  });
  localStorage.removeItem(SENT + localKey); /* the page came back with what was sent */
  resend().then(function (arrived) {
    /* A page opened before its draft arrived: show what can be gone on with. */
    if (arrived && !dirty && "fresh" in form.dataset) window.location.reload();
  });
})();
