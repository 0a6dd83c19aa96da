// The card of an explorer, wherever it is shown: a figure in two SVG layers (what stays, what moves), a sentence
// that says what is seen, what went wrong, and the handles that can be dragged. Both fronts use it.

const STYLE = `
  :host { display: block; }
  figure { margin: 0; padding: 4px 8px 6px; background: #fff; color: #222; border: 1px solid #d0d0d0; border-radius: 4px; direction: ltr; }
  .scroll { overflow-x: auto; }
  .scroll.goes-on { -webkit-mask-image: linear-gradient(to left, transparent, #000 2.5rem); mask-image: linear-gradient(to left, transparent, #000 2.5rem); }
  .scroll::-webkit-scrollbar { height: 9px; } /* always seen, where a browser lets it be */
  .scroll::-webkit-scrollbar-thumb { background: #767676; border-radius: 4px; }
  .layers { position: relative; margin: 0 auto; width: calc(var(--fit) * 1px); max-width: 100%; min-width: calc(var(--least) * 1px); user-select: none; -webkit-user-select: none; }
  .layers svg { display: block; width: 100%; height: auto; }
  .layers .live { position: absolute; inset: 0; will-change: transform; /* painted apart: 4 to 12 % sooner */ }
  .layers .live svg { overflow: visible; pointer-events: none; /* what lies over a handle does not take its drag */ }
  svg * { stroke-linejoin: round; stroke-linecap: butt; }
  .held { position: relative; z-index: 1; }
  .held p { background: #fff; }
  p { margin: 2px 4px 4px; font: var(--words, 14.5px)/1.4 system-ui, sans-serif; }
  .spoken { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
  .error { color: #8a1500; font-weight: 600; }
  .error:empty { display: none; }
`;

// Of its own size, the least that a picture shrinks to: letters of 9.5 points are then 9 pixels high. Narrower, it scrolls.
const LEAST = 0.72;

// What scrolls an element: the outermost part of the page that does, for inner ones are as high as what they hold.
function scroller(element) {
  let found = null;
  for (let at = element; at && at !== document.body; at = at.parentElement ?? at.getRootNode().host) {
    if (["auto", "scroll"].includes(getComputedStyle(at).overflowY) && at.clientHeight >= 300) found = at;
  }
  return found;
}

// The height of what scrolls; a page inside a frame (VS Code, Colab) is as high as what it holds, and says nothing.
function roomOf(scrolling) {
  return scrolling?.clientHeight ?? (window === window.top ? window.innerHeight : Infinity);
}

// Make the inside of `group` what `svg` says; elements that are of the same kind stay and change their attributes.
const parsed = document.createElementNS("http://www.w3.org/2000/svg", "svg");
function patch(group, svg) {
  parsed.innerHTML = svg;
  become(group, parsed, false);
}
function become(old, now, itself = true) {
  if (itself && old.nodeName !== now.nodeName) return old.replaceWith(now);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  if (itself) {
    for (const { namespaceURI, name, localName, value } of now.attributes) {
      if (old.getAttributeNS(namespaceURI, localName) !== value) old.setAttributeNS(namespaceURI, name, value);
    }
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  }
  if (old.childNodes.length !== now.childNodes.length) return old.replaceChildren(...now.childNodes);
  [...now.childNodes].forEach((node, k) => become(old.childNodes[k], node));
}

// What an explorer needs less stands in its part `.more`, which the button `.unfold` shows and hides. Returns what says
// so to a screen reader, to be called when the button is there.
export function unfolds(box, listen) {
  const say = () => box.querySelector(".unfold")?.setAttribute("aria-expanded", box.classList.contains("unfolded"));
  box.addEventListener("click", (event) => {
    if (!event.target.closest?.(".unfold")) return;
    box.classList.toggle("unfolded");
    say();
  }, listen);
  return say;
}

// Puts a card into `el`. `drag(handle, x, y)` hears where a handle is dragged to, in points from the top left.
// `largest` is how far the picture may grow over its own size. The card's `show` takes what is to be seen now, any of:
// static_svg, live (parts by their id), sentence, alt, error, handles.
export function liveFigure(el, drag, largest = 1.1) {
  const host = document.createElement("div");
  el.append(host);
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${STYLE}</style><style class="handles"></style>
    <figure><div class="words"><p class="sentence"></p><p class="spoken" aria-live="polite"></p>
    <p class="error" role="alert"></p><p class="error kernel" role="alert"></p></div>
    <div class="scroll"><div class="layers" role="img"><div class="static"></div>
    <div class="live"><svg xmlns="http://www.w3.org/2000/svg"></svg></div></div></div></figure>`;
  const find = (selector) => root.querySelector(selector);
  const layers = find(".layers");
  const overlay = find(".live svg");

  // The picture takes the width that is there, but no more than a tenth over its own size, and no more than leaves
  // controls, words and picture on one screen of what scrolls them (a notebook's panel, the window).
  const scroll = find(".scroll");
  const fade = () => { // what is cut off at the edge fades there, and the keyboard reaches what scrolls
    const more = scroll.scrollWidth - scroll.clientWidth;
    scroll.classList.toggle("goes-on", scroll.scrollLeft < more - 1);
    if (more > 1) scroll.tabIndex = 0;
    else scroll.removeAttribute("tabindex");
  };
  scroll.addEventListener("scroll", fade, { passive: true });
  let screen = null;
  const fit = () => {
    const { width = 0, height = 0 } = find(".static svg")?.viewBox.baseVal ?? {};
    if (!width || !layers.offsetHeight) return;
    const natural = (width * 4) / 3; // the picture is measured in points, 96 pixels to 72 of them
    const beside = box().offsetHeight - layers.offsetHeight;
    const room = ((roomOf(screen) - beside - 10) * width) / height;
    host.style.setProperty("--least", LEAST * natural);
    host.style.setProperty("--fit", Math.floor(Math.min(largest * natural, Math.max(room, LEAST * natural))));
    fade();
  };
  const box = () => el.closest(".explorer") ?? host;
  // words that become longer push the picture down once, and shorter ones do not pull it up again
  let tallest = { width: 0, height: 0 };
  const steady = () => {
    const words = find(".words");
    if (words.offsetWidth !== tallest.width) {
      words.style.minHeight = ""; // in another width they need another height
      tallest = { width: words.offsetWidth, height: 0 };
    }
    if (words.offsetHeight > tallest.height) tallest.height = words.offsetHeight;
    words.style.minHeight = `${tallest.height}px`;
  };
  // While a slider or a handle is held they keep their height, and lie over the picture's edge if they need more: the
  // picture must not move away from under the pointer.
  const ended = new AbortController();
  const release = () => { find(".words").classList.remove("held"); find(".words").style.height = ""; };
  const hold = () => {
    find(".words").style.height = `${find(".words").offsetHeight}px`;
    find(".words").classList.add("held");
  };
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, release, { capture: true, signal: ended.signal });
  }
  const sizes = new ResizeObserver(() => { steady(); fit(); });
  const watch = () => {
    screen = scroller(host);
    for (const part of [find(".words"), box(), screen ?? document.documentElement]) sizes.observe(part);
    box().addEventListener("pointerdown", hold, { capture: true, signal: ended.signal });
  };
  requestAnimationFrame(watch);

  let speak;
  let handles = [];
  const groups = {};
  const draw = {
    static_svg(svg) {
      find(".static").innerHTML = svg;
      overlay.setAttribute("viewBox", find(".static svg").getAttribute("viewBox"));
      fit();
    },
    live(parts) { // those that have changed, each in an element of its own
      for (const [name, svg] of Object.entries(parts)) {
        groups[name] ??= overlay.appendChild(document.createElementNS(overlay.namespaceURI, "g"));
        patch(groups[name], svg);
      }
    },
    sentence(words) {
      find(".sentence").textContent = words;
      clearTimeout(speak); // a screen reader hears where the control came to rest, not every step on the way
      speak = setTimeout(() => { find(".spoken").textContent = words; }, 800);
    },
    alt(words) { layers.setAttribute("aria-label", words); },
    error(words) { find(".error").textContent = words; },
    handles(names) {
      handles = names;
      // a finger on a handle drags it; anywhere else on the figure it scrolls the page
      find(".handles").textContent = names
        .map((id) => `.live [id="${id}"] { cursor: grab; touch-action: none; pointer-events: all; }`).join("\n");
    },
  };

  let held = null; // the handle under the pointer: its element is replaced at every move, so keep the name
  const report = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(overlay.getScreenCTM().inverse());
    drag(held, at.x, at.y);
  };
  layers.addEventListener("pointerdown", (event) => {
    const ids = event.composedPath().map((element) => element.id);
    held = ids.find((id) => handles.includes(id)) ?? null;
    if (held === null || event.button !== 0) return;
    layers.setPointerCapture(event.pointerId);
    event.preventDefault();
    report(event);
  });
  layers.addEventListener("pointermove", (event) => { if (held !== null) report(event); });
  // Chromium does not honour touch-action on a <g>: without this it pans after 15 pixels and cancels the drag
  layers.addEventListener("touchstart", (event) => {
    if (event.composedPath().some((element) => handles.includes(element.id))) event.preventDefault();
  }, { passive: false });
  for (const end of ["pointerup", "pointercancel"]) layers.addEventListener(end, () => { held = null; });

  return {
    stop() { sizes.disconnect(); ended.abort(); },
    show(parts) { for (const [name, part] of Object.entries(parts)) draw[name](part); },
    sayOfKernel(words) { find(".kernel").textContent = words; },
    picture: layers,
  };
}
