/* The page of an activity with a script: the sums follow the marks. */
(function () {
  "use strict";
  const sums = document.querySelector("[data-seat-sums]");
  const form = sums && sums.closest("form");
  if (!form) return;

  function count() {
    const found = { present: 0, leave: 0, absent: 0 };
    form.querySelectorAll("[data-seats] input:checked").forEach(function (mark) {
      if (mark.value in found) found[mark.value] += 1;
    });
    const due = found.present + found.leave + found.absent;
    sums.textContent = due === 0 ? "" : "应到 " + due + " ＝ 参加 " + found.present + " ＋ 请假 " + found.leave +
      " ＋ 缺席 " + found.absent;
  }

  form.addEventListener("change", function (event) {
    if (event.target.name.startsWith("presence-")) count();
  });
  count();
})();
