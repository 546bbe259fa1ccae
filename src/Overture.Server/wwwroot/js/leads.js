// Comfort for choosing many leads; the page works without it. One box chooses the whole page, Shift chooses a
// stretch, and how many are chosen is told to who cannot see it.
(() => {
  const all = document.querySelector("[data-pick-all]");
  if (!all) return;
  const picks = [...document.querySelectorAll(".pick")];
  const told = document.querySelector("[data-picked]");
  let last = null;

  const tell = () => {
    const count = picks.filter((pick) => pick.checked).length;
    all.checked = count === picks.length;
    all.indeterminate = count > 0 && count < picks.length;
    told.textContent = count === 0 ? "Nobody chosen" : `${count} chosen`;
  };

  all.hidden = false;
  all.addEventListener("change", () => {
    picks.forEach((pick) => { pick.checked = all.checked; });
    tell();
  });
  picks.forEach((pick, at) => pick.addEventListener("click", (event) => {
    if (event.shiftKey && last !== null)
      picks.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((one) => { one.checked = pick.checked; });
    last = at;
    tell();
  }));
  document.getElementById("bulk").addEventListener("reset", () => setTimeout(tell));
})();
