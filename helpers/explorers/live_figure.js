// Shows a figure in two SVG layers (what stays, what moves), says in a sentence what is seen, reports where
// a handle is dragged to, and gives the ipywidgets controls of the same explorer their accessible names.

const STYLE = `
  :host { display: block; }
  figure { margin: 0; padding: 8px; background: #fff; color: #222; border: 1px solid #d0d0d0; border-radius: 4px; }
  .scroll { overflow-x: auto; }
  .layers { position: relative; min-width: 600px; user-select: none; -webkit-user-select: none; }
  .layers svg { display: block; width: 100%; height: auto; }
  .layers .live { position: absolute; inset: 0; }
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
    <p class="sentence"></p><p class="spoken" aria-live="polite"></p><p class="error" role="alert"></p></figure>`;
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
  const stop = Object.entries(show).map(([name, draw]) => {
    draw();
    model.on(`change:${name}`, draw);
    return () => model.off(`change:${name}`, draw);
  });

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

  return () => stop.forEach((undo) => undo());
}

// ipywidgets leaves slider handles and their typed values without a name, and a value typed out of range is
// replaced without a word. Both are mended here, for the controls inside the same `.explorer` box.
function nameControls(box, title, say) {
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
    const number = clean === "" ? NaN : Number(clean);
    element.textContent = Number.isFinite(number) ? clean : "";
    const label = element.getAttribute("aria-label").replace(", typed", "");
    if (event.type === "focusout") { // ipywidgets takes a value at Enter only
      const enter = { key: "Enter", keyCode: 13, bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent("keydown", enter));
    }
    compare = setTimeout(() => {
      const got = element.textContent.trim();
      if (number === Number(got.replace("−", "-"))) return;
      say(Number.isFinite(number)
        ? `${label}: ${wanted} was typed, the control takes ${got} instead (its range and step allow no other).`
        : `${label}: “${wanted}” is not a number, so ${got} stays.`);
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
  box.addEventListener("input", remember);
  box.addEventListener("keydown", keys, true);
  box.addEventListener("focusout", take);
  return () => {
    observer.disconnect();
    box.removeEventListener("input", remember);
    box.removeEventListener("focusout", take);
    box.removeEventListener("keydown", keys, true);
  };
}

function render({ model, el }) {
  const undo = [figure(model, el)];
  let alive = true;
  const whenAttached = () => {
    if (!alive) return;
    const box = el.closest(".explorer");
    if (!box) return requestAnimationFrame(whenAttached);
    undo.push(nameControls(box, model.get("title"), (text) => { model.set("error", text); model.save_changes(); }));
  };
  whenAttached();
  return () => { alive = false; undo.forEach((f) => f()); };
}

export default { render };
