// Shows a figure in two SVG layers (what stays, what moves), says in a sentence what is seen, reports where
// a handle is dragged to, and gives the ipywidgets controls of the same explorer their accessible names.

const STYLE = `
  :host { display: block; }
  figure { display: flex; flex-wrap: wrap; align-items: flex-start; margin: 0; padding: 8px; background: #fff; color: #222; border: 1px solid #d0d0d0; border-radius: 4px; }
  /* in a low window the picture is narrower, so that the whole of it is seen, and the words stand beside it */
  .scroll { flex: 100 1 1100px; max-width: clamp(640px, 125vh, 1100px); min-width: 0; overflow-x: auto; }
  @media (max-height: 780px) { .scroll { flex-basis: 760px; } }
  .words { flex: 1 1 210px; }
  .scroll::-webkit-scrollbar { height: 9px; } /* always seen: else nothing says that a part is cut off */
  .scroll::-webkit-scrollbar-thumb { background: #767676; border-radius: 4px; }
  .layers { position: relative; min-width: 600px; user-select: none; -webkit-user-select: none; }
  .layers svg { display: block; width: 100%; height: auto; }
  .layers .live { position: absolute; inset: 0; will-change: transform; /* painted apart: 4 to 12 % sooner */ }
  .layers .live svg { overflow: visible; }
  svg * { stroke-linejoin: round; stroke-linecap: butt; }
  p { margin: 8px 4px 0; font: 15px/1.45 system-ui, sans-serif; }
  .spoken { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
  .error { color: #8a1500; font-weight: 600; }
  .error:empty { display: none; }
`;

function figure(model, el) {
  const host = document.createElement("div");
  el.append(host);
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${STYLE}</style><style class="handles"></style>
    <figure><div class="scroll"><div class="layers" role="img"><div class="static"></div>
    <div class="live"><svg xmlns="http://www.w3.org/2000/svg"></svg></div></div></div>
    <div class="words"><p class="sentence"></p><p class="spoken" aria-live="polite"></p><p class="error" role="alert"></p>
    <p class="error kernel" role="alert"></p></div></figure>`;
  const find = (selector) => root.querySelector(selector);
  const layers = find(".layers");
  const overlay = find(".live svg");

  let speak;
  const show = {
    static_svg() {
      find(".static").innerHTML = model.get("static_svg");
      overlay.setAttribute("viewBox", find(".static svg").getAttribute("viewBox"));
    },
    live_svg() { overlay.innerHTML = model.get("live_svg"); },
    sentence() {
      find(".sentence").textContent = model.get("sentence");
      clearTimeout(speak); // a screen reader hears where the control came to rest, not every step on the way
      speak = setTimeout(() => { find(".spoken").textContent = model.get("sentence"); }, 800);
    },
    alt() { layers.setAttribute("aria-label", model.get("alt")); },
    error() { find(".error").textContent = model.get("error"); },
    handles() {
      // a finger on a handle drags it; anywhere else on the figure it scrolls the page
      find(".handles").textContent = model.get("handles")
        .map((id) => `.live [id="${id}"] { cursor: grab; touch-action: none; pointer-events: all; }`).join("\n");
    },
  };
  for (const [name, draw] of Object.entries(show)) {
    draw();
    model.on(`change:${name}`, draw); // anywidget takes it off again when the view goes
  }

  let held = null; // the handle under the pointer: its element is replaced at every move, so keep the name
  const report = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(overlay.getScreenCTM().inverse());
    model.set("pointer", { handle: held, x: at.x, y: at.y });
    model.save_changes(); // ipywidgets sends the latest only when the kernel has answered the one before
  };
  layers.addEventListener("pointerdown", (event) => {
    const ids = event.composedPath().map((element) => element.id);
    held = ids.find((id) => model.get("handles").includes(id)) ?? null;
    if (held === null || event.button !== 0) return;
    layers.setPointerCapture(event.pointerId);
    event.preventDefault();
    report(event);
  });
  layers.addEventListener("pointermove", (event) => { if (held !== null) report(event); });
  // Chromium does not honour touch-action on a <g>: without this it pans after 15 pixels and cancels the drag
  layers.addEventListener("touchstart", (event) => {
    if (event.composedPath().some((element) => model.get("handles").includes(element.id))) event.preventDefault();
  }, { passive: false });
  for (const end of ["pointerup", "pointercancel"]) layers.addEventListener(end, () => { held = null; });

  return (text) => { find(".kernel").textContent = text; };
}

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
  for (const sign of ["change:live_svg", "msg:custom"]) model.on(sign, answered);
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
  const name = () => {
    for (const control of box.querySelectorAll("select, input, button, .noUi-handle, .widget-readout")) {
      set(control, "data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the arrow keys to change cells
    }
    for (const slider of box.querySelectorAll(".widget-slider")) {
      const label = slider.querySelector(".widget-label")?.textContent.trim() ?? "";
      const readout = slider.querySelector(".widget-readout");
      const handle = slider.querySelector(".noUi-handle");
      set(handle, "aria-label", label);
      if (readout) set(handle, "aria-valuetext", readout.textContent);
      set(readout, "role", "textbox");
      set(readout, "aria-multiline", "false");
      set(readout, "aria-label", `${label}, typed`);
    }
    for (const toggles of box.querySelectorAll(".widget-toggle-buttons")) {
      set(toggles, "role", "group");
      set(toggles, "aria-label", toggles.querySelector(".widget-label")?.textContent.trim() ?? "");
    }
  };
  const observer = new MutationObserver(name);
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
  const sayOfKernel = figure(model, el);
  const whenAttached = () => {
    if (signal.aborted) return;
    if (!el.isConnected) return requestAnimationFrame(whenAttached);
    const box = el.closest(".explorer");
    if (!box) return; // a figure shown without its controls
    const say = (text) => { model.set("error", text); model.save_changes(); };
    nameControls(box, model.get("title"), model.get("rounding"), say, signal);
    watchKernel(model, box, sayOfKernel, signal);
  };
  whenAttached();
}

export default { render };
