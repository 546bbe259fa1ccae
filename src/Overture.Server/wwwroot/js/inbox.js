// Keys for the inbox: j and k walk through the conversations, r answers, e marks as done. Everything they do is
// on the page as a link or a button too.
(() => {
  const rows = () => [...document.querySelectorAll(".inbox-rows a")];
  const step = (by) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
    all[Math.min(all.length - 1, Math.max(0, at + by))].click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "r") {
      const answer = document.getElementById("f-answer");
      if (!answer) return;
      event.preventDefault();
      answer.focus();
    } else if (event.key === "e") document.getElementById("inbox-done")?.requestSubmit();
  });
})();
