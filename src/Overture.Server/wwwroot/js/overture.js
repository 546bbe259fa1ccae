// Everything works without this file; it adds the live mark, toasts for failed partial updates, and a few
// conveniences. Fragments are refreshed by htmx itself.
(() => {
  const STALE_AFTER_MS = 15000;
  const TOAST_MS = 8000;
  let lastBeat = 0;
  let state = "off";

  const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  const show = () => {
    const mark = document.getElementById("live-mark");
    if (!mark) return;
    mark.dataset.state = state;
    mark.querySelector(".live-text").textContent =
      state === "live" ? "live"
        : state === "stale" ? `stale since ${clock(lastBeat)}`
          : state === "wait" ? "reconnecting" : "not live";
  };

  const set = (next) => { state = next; show(); };
  const beat = () => { lastBeat = Date.now(); set("live"); };

  document.addEventListener("htmx:sseOpen", (event) => {
    beat();
    const source = event.detail.source;
    source?.addEventListener("beat", beat);
    topics().forEach((topic) => source?.addEventListener(topic, stale));
    // What changed between the page and this connection was told to nobody.
    stale({ type: "refresh" });
  });
  document.addEventListener("htmx:sseError", () => set(lastBeat && Date.now() - lastBeat > STALE_AFTER_MS ? "stale" : "wait"));
  document.addEventListener("htmx:afterSettle", show);
  setInterval(() => {
    if (lastBeat && Date.now() - lastBeat > STALE_AFTER_MS) set("stale");
  }, 3000);

  // A part of the page is fetched again when one of its topics changed: often enough to be seen moving, seldom
  // enough for a busy pipeline, and never under somebody's hands.
  const REFRESH_EVERY_MS = 800;
  const parts = () => [...document.querySelectorAll("[data-live]")];
  const topics = () => new Set(["refresh", ...parts().flatMap((part) => part.dataset.live.split(" "))]);
  const isInUse = (part) => part.querySelector("details[open]") !== null
    || (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea"));
  const stale = (event) => parts().forEach((part) => {
    if (event.type === "refresh" || part.dataset.live.split(" ").includes(event.type)) part.dataset.stale = "";
  });
  setInterval(() => parts().forEach((part) => {
    if (!("stale" in part.dataset) || document.hidden || isInUse(part)) return;
    delete part.dataset.stale;
    htmx.trigger(part, "refresh");
  }), REFRESH_EVERY_MS);

  const toast = (text) => {
    const host = document.getElementById("toasts");
    if (!host) return;
    const note = document.createElement("div");
    note.className = "toast-note toast-bad";
    note.textContent = text;
    host.append(note);
    fade(note);
  };

  // A note stays while it is read: the clock stops under the pointer or the focus.
  const fade = (note) => {
    let timer = setTimeout(() => note.remove(), TOAST_MS);
    note.addEventListener("pointerenter", () => clearTimeout(timer));
    note.addEventListener("pointerleave", () => { timer = setTimeout(() => note.remove(), TOAST_MS / 2); });
  };
  // Why something was not done stays until the next page: it may take longer to read and to act on.
  document.querySelectorAll("#toasts .toast-note:not(.toast-bad)").forEach(fade);

  document.addEventListener("htmx:responseError", (event) => {
    let text = "That did not work.";
    try { text = JSON.parse(event.detail.xhr.responseText).detail ?? text; } catch { /* not a problem document */ }
    toast(text);
  });
  document.addEventListener("htmx:sendError", () => toast("The server does not answer. Your page stays as it is."));

  // One open confirmation at a time; Escape closes it and gives the focus back.
  document.addEventListener("toggle", (event) => {
    if (!(event.target instanceof HTMLDetailsElement) || !event.target.open || !event.target.matches(".confirm")) return;
    document.querySelectorAll("details.confirm[open]").forEach((other) => { if (other !== event.target) other.open = false; });
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.confirm[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();

// A text that a person carries elsewhere is copied with one press.
(() => {
  const show = () => document.querySelectorAll("button[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  show();
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.parentElement.querySelector("textarea").value);
    const words = button.lastChild;
    words.textContent = "Copied";
    setTimeout(() => { words.textContent = "Copy the text"; }, 2000);
  });
})();
