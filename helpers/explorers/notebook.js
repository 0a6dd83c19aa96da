// Explorers in a notebook: the card of live_figure.js, which stands before this in the same module, as ahead.js does,
// hears a widget's model; the ipywidgets controls of the same explorer get accessible names; a kernel that is gone is said in words.

// A control that does nothing explains nothing: a kernel that was restarted, or is silent, is said so in words.
const GONE = "The kernel was restarted and has forgotten this explorer. "
  + "Run the imports at the top of the notebook, then this cell again.";
const SILENT = "The kernel has not answered yet. "
  + "If this stays, run the imports at the top of the notebook, then this cell again.";

function watchKernel(model, box, say, signal) {
  const gone = () => box.classList.contains("jupyter-widgets-disconnected");
  let waiting = null;
  const answered = () => {
    clearTimeout(waiting);
    waiting = null;
    say(gone() ? GONE : "");
  };
  const ask = () => { // most moves are answered by a new picture; only where none comes the kernel is asked
    waiting ??= setTimeout(() => {
      waiting = setTimeout(() => {
        waiting = null;
        say(gone() ? GONE : SILENT);
      }, 2000);
      try { model.send("Are you there?"); } catch { /* no way to the kernel, and so no answer */ }
    }, 500);
  };
  for (const move of ["keydown", "pointerdown"]) box.addEventListener(move, ask, { signal, capture: true });
  const parts = model.get("parts").map((name) => `change:live-${name}`);
  for (const sign of [...parts, "change:sentence", "msg:custom"]) model.on(sign, answered);
  model.on("comm_live_update", () => setTimeout(answered)); // when the box, too, knows of it
}

// ipywidgets leaves slider handles and their typed values without a name, and a value typed out of range is
// replaced without a word. Both are mended here, for the controls inside the same `.explorer` box.
function nameControls(box, title, rounding, say, signal) {
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", title);
  const set = (element, name, value) => {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  const nameSlider = (slider) => {
    const label = slider.querySelector(".widget-label")?.textContent.trim() ?? "";
    const readout = slider.querySelector(".widget-readout");
    const handle = slider.querySelector(".noUi-handle");
    set(handle, "aria-label", label);
    if (readout) set(handle, "aria-valuetext", readout.textContent);
    set(readout, "role", "textbox");
    set(readout, "aria-multiline", "false");
    set(readout, "aria-label", `${label}, typed`);
  };
  const sayUnfolded = unfolds(box, { signal });
  const name = () => {
    sayUnfolded();
    for (const control of box.querySelectorAll("select, input, button, .noUi-handle, .widget-readout")) {
      set(control, "data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the arrow keys to change cells
    }
    box.querySelectorAll(".widget-slider").forEach(nameSlider);
    for (const toggles of box.querySelectorAll(".widget-toggle-buttons")) {
      set(toggles, "role", "group");
      set(toggles, "aria-label", toggles.querySelector(".widget-label")?.textContent.trim() ?? "");
    }
  };
  // a move changes one slider's value: only that one is looked at again
  const observer = new MutationObserver((changes) => {
    const moved = new Set();
    for (const { type, target } of changes) {
      const slider = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(".widget-slider");
      if (!slider && type === "childList") return name();
      if (slider) moved.add(slider);
    }
    moved.forEach(nameSlider);
  });
  observer.observe(box, { childList: true, subtree: true, characterData: true,
    attributes: true, attributeFilter: ["aria-valuetext"] });
  signal.addEventListener("abort", () => observer.disconnect());
  name();

  let typed = null; // what stands in a readout and was not taken yet
  const reads = (element) => element.classList?.contains("widget-readout");
  let compare; // waits until the kernel's answer stands in the readout
  const remember = (event) => {
    if (!reads(event.target)) return;
    clearTimeout(compare);
    typed = event.target.textContent.trim();
  };
  const take = (event) => { // before ipywidgets reads it: it knows only "-" and ".", and stops at the first other sign
    const element = event.target;
    if (!reads(element) || typed === null) return;
    const wanted = typed;
    typed = null;
    const clean = wanted.replace("−", "-").replace(/^(-?\d*),(\d+)$/, "$1.$2");
    const number = clean === "" ? NaN : Number(clean) + 0; // + 0: there is no slider at minus zero
    // in plain digits, for it reads an integer no further than the e of 1e3
    element.textContent = Number.isNaN(number) ? "" : Math.max(-1e15, Math.min(number, 1e15)).toFixed(20);
    const label = element.getAttribute("aria-label").replace(", typed", "");
    if (event.type === "focusout") { // ipywidgets takes a value at Enter only
      const enter = { key: "Enter", keyCode: 13, bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent("keydown", enter));
    }
    compare = setTimeout(() => {
      const got = element.textContent.trim();
      const digits = got.replace(/e.*/, "").replace(/\D/g, "").replace(/^0+/, "").length || 1;
      const seen = rounding.includes(label) ? Number(number.toPrecision(digits)) : number;
      if (seen === Number(got.replace("−", "-"))) return;
      say(Number.isNaN(number)
        ? `${label}: ${wanted ? `“${wanted}”` : "an empty field"} is not a number, so ${got} stays.`
        : `${label}: ${wanted} was typed, the control takes ${got} instead (its range and step allow no other).`);
    }, 150);
  };
  // Escape leads back to the cell; Shift, Ctrl or Alt with Enter runs it, as anywhere else in a notebook
  const keys = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) return take(event);
    const cell = box.closest(".jp-Cell");
    const runs = event.key === "Enter";
    if (!cell || !(runs || event.key === "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    cell.focus();
    if (runs) {
      const { key, code, keyCode, shiftKey, ctrlKey, altKey } = event;
      const again = { key, code, keyCode, shiftKey, ctrlKey, altKey, bubbles: true, cancelable: true };
      cell.dispatchEvent(new KeyboardEvent("keydown", again));
    }
  };
  box.addEventListener("input", remember, { signal });
  box.addEventListener("keydown", keys, { signal, capture: true });
  box.addEventListener("focusout", take, { signal });
}

function render({ model, el, signal }) {
  const card = liveFigure(el, (handle, x, y) => {
    model.set("pointer", { handle, x, y });
    model.save_changes(); // ipywidgets sends the latest only when the kernel has answered the one before
  });
  signal.addEventListener("abort", card.stop);
  // a picture that goes on is scrolled by the arrow keys, which JupyterLab would take to change cells
  card.picture.getRootNode().host.setAttribute("data-lm-suppress-shortcuts", "true");
  const live = model.get("parts").map((name) => `live-${name}`);
  const names = [...live, "static_svg", "sentence"];
  const seen = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const part = (name, it) => (live.includes(name) ? { live: { [name.slice(5)]: it } } : { [name]: it });
  let shown = {};
  const paint = (picture) => {
    for (const name of names) if (picture[name] !== shown[name]) card.show(part(name, picture[name]));
    shown = picture;
  };
  const behind = showAhead(model, seen, paint, signal);
  const show = () => { if (!behind()) paint(seen()); };
  show();
  for (const name of [...names, "at"]) model.on(`change:${name}`, show); // anywidget takes it off when the view goes
  for (const name of ["alt", "error", "handles"]) {
    const say = () => card.show({ [name]: model.get(name) });
    say();
    model.on(`change:${name}`, say);
  }
  const whenAttached = () => {
    if (signal.aborted) return;
    if (!el.isConnected) return requestAnimationFrame(whenAttached);
    const box = el.closest(".explorer");
    if (!box) return; // a figure shown without its controls
    const say = (text) => { model.set("error", text); model.save_changes(); };
    nameControls(box, model.get("title"), model.get("rounding"), say, signal);
    watchKernel(model, box, card.sayOfKernel, signal);
  };
  whenAttached();
}

export default { render };
