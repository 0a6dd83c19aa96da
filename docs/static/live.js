// The figures of a page, alive: one worker with Python for all of them, native controls made of what each explorer
// declares, and the card of live_figure.js, which the notebooks use, too. site.js starts it when a reader wants it.

import { liveFigure, unfolds } from "./live_figure.js";

const here = new URL(".", import.meta.url);
const PATIENCE = 30_000; // ms without an answer, after which a worker counts as dead

// --- the worker ----------------------------------------------------------------------------------------

export class Engine {
  #worker; #last = 0; #waiting = new Map(); #watch;

  constructor({ come = () => {}, frames = () => {}, ended = () => {} }) {
    Object.assign(this, { come, frames, ended });
  }

  // Start Python; resolves when it answers.
  async start() {
    const response = await fetch(new URL("live/manifest.json", here));
    if (!response.ok) throw new Error(`manifest.json cannot be fetched (${response.status})`);
    const { raw, lock } = await response.json();
    const all = Object.values(raw).reduce((a, b) => a + b, 0);
    let come = 0;
    this.#worker = new Worker(new URL("worker.js", here));
    this.#worker.onerror = (event) => { event.preventDefault(); this.#end(event.message || "it could not start"); };
    this.#worker.onmessage = ({ data }) => {
      this.#look();
      if (data.kind === "come") return this.come(Math.min((come += data.payload) / all, 1));
      if (data.kind === "frames") return this.frames(data.payload);
      if (data.fatal) return this.#end(data.fatal);
      const { resolve, reject } = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      this.#look();
      return data.error ? reject(new Error(data.error)) : resolve(data.payload);
    };
    return this.ask("start", { folder: new URL("live/", here).href, lock });
  }

  // Send a message; resolves to the payload of its answer.
  ask(kind, payload) {
    if (!this.#worker) return Promise.reject(new Error("Python is not running"));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, kind, payload });
      this.#look();
    });
  }

  stop() { this.#end(""); }

  #look() { // a worker that was ended from outside, for want of memory for example, says nothing
    clearTimeout(this.#watch);
    if (this.#waiting.size) this.#watch = setTimeout(() => this.#end("it does not answer any more"), this.patience ?? PATIENCE);
  }

  #end(why) {
    if (!this.#worker) return;
    clearTimeout(this.#watch);
    this.#worker.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
    this.ended(why);
  }
}

// --- an explorer ---------------------------------------------------------------------------------------

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};
let count = 0;

// How a value is written beside its slider; `form` as in Python: ".2f", ".3g".
export const written = ({ form, whole }, value) => {
  if (whole) return String(value).replace("-", "−");
  const digits = Number(form.slice(1, -1));
  const text = form.endsWith("f") ? value.toFixed(digits) : String(Number(value.toPrecision(digits)));
  return text.replace(/^-/, "−"); // as in the sentence and in a notebook
};

// Makes the widget of a control: its element, `put(value)` to show a value. `move(value)` hears of a new one.
const WIDGETS = {
  Slider(control, move, say) {
    const { label, low, high, step, base } = control;
    const log = (value) => Math.log(value) / Math.log(base);
    const places = base ? Math.round((log(high) - log(low)) / step) : Math.round((high - low) / step);
    const place = (value) => Math.round((base ? log(value) - log(low) : value - low) / step);
    const value = (at) => Math.min(base ? base ** (log(low) + at * step) : Number((low + at * step).toFixed(10)), high);
    const id = `control-${++count}`;
    const range = element("input", { type: "range", id, min: 0, max: places, step: 1 });
    if (control.colour) range.style.accentColor = control.colour;
    const typed = element("input", { type: "text", className: "typed", autocomplete: "off", "aria-label": `${label}, typed` });
    if (low >= 0) typed.inputMode = "decimal"; // a phone's keys for numbers may lack the minus
    let shown; // the value that stands in the field
    let editing = false;
    const write = (now) => {
      shown = now;
      if (!editing) typed.value = written(control, now);
      range.setAttribute("aria-valuetext", written(control, now));
    };
    range.addEventListener("input", () => { const now = value(range.valueAsNumber); write(now); move(now); });
    const take = async () => {
      const wanted = typed.value.trim();
      editing = false;
      if (wanted === written(control, shown)) return;
      const clean = wanted.replace("−", "-").replace(/^(-?\d*),(\d+)$/, "$1.$2");
      const number = clean === "" ? NaN : Number(clean);
      if (Number.isNaN(number)) {
        write(shown);
        say(`${label}: ${wanted ? `“${wanted}”` : "an empty field"} is not a number, so ${typed.value} stays.`);
        return;
      }
      await move(Math.max(-1e15, Math.min(number, 1e15)));
      const digits = typed.value.replace(/e.*/, "").replace(/\D/g, "").replace(/^0+/, "").length || 1;
      if ((base ? Number(number.toPrecision(digits)) : number) === Number(typed.value.replace("−", "-"))) return;
      say(`${label}: ${wanted} was typed, the control takes ${typed.value} instead (its range and step allow no other).`);
    };
    typed.addEventListener("input", () => { editing = true; });
    typed.addEventListener("change", take);
    typed.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || typed.value === written(control, shown)) return;
      event.stopPropagation();
      editing = false;
      write(shown);
    });
    return {
      element: element("div", { className: "control" }, element("label", { htmlFor: id }, label), range, typed),
      put(now) { range.value = place(now); write(now); },
    };
  },
  Choice({ label, options }, move) {
    const id = `control-${++count}`;
    const select = element("select", { id }, ...options.map((option) => element("option", {}, option)));
    select.addEventListener("change", () => move(select.value));
    return {
      element: element("div", { className: "control" }, element("label", { htmlFor: id }, label), select),
      put(now) { select.value = now; },
    };
  },
  Switch({ label }, move) {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => move(box.checked));
    return { element: element("label", { className: "control" }, box, label), put(now) { box.checked = now; } };
  },
};

export class Explorer {
  #steps = []; #under = null; #widgets = {}; #card;

  // `still`: the <figure data-explorer data-options> whose place it takes. `again()` starts Python anew.
  constructor(still, engine, again) {
    Object.assign(this, { still, engine, again, key: `explorer-${++count}`, values: null, start: null });
    this.changed = () => {};
  }

  // Ask Python for it and take the place of the still figure, which stays where it is in the window.
  async make(state = {}) {
    const { explorer: name, options = "{}" } = this.still.dataset;
    const payload = { key: this.key, name, options: JSON.parse(options) };
    const about = await this.engine.ask("make", this.values ? { ...payload, values: this.values } : { ...payload, state });
    if (!this.box) this.#build(about);
    this.start = about.start;
    this.#under = null;
    this.#steps = [];
    this.box.classList.remove("ended");
    this.restart.hidden = true;
    this.show(about);
    this.changed(this);
  }

  say(words) { this.#card.show({ error: words }); }

  // Python has ended: the picture stays, the sentence says so, a button starts again.
  end(why) {
    if (!this.box) return;
    this.box.classList.add("ended");
    this.say(`What computes this figure has stopped: ${why}. The picture stands still now.`);
    this.restart.hidden = false;
  }

  // Show what Python sends.
  show({ card, error, values, refused }) {
    this.#card.show({ ...card, error: refused || error });
    if (this.#steps.length) return; // the controls are further on already
    this.values = values;
    for (const [name, widget] of Object.entries(this.#widgets)) widget.put(values[name]);
  }

  // Do one thing: resolves when its picture shows. While Python is busy the latest state waits, never a queue.
  step(...step) {
    const last = this.#steps.at(-1);
    const [kind, what] = step;
    if (last && kind === "move" && last[0] === "move") Object.assign(last[1], what);
    else if (last && kind === "drag" && last[0] === "drag" && last[1] === what) this.#steps.splice(-1, 1, step);
    else this.#steps.push(step);
    this.#under ??= this.#send();
    return this.#under;
  }

  async #send() {
    try {
      while (this.#steps.length) {
        const steps = this.#steps;
        this.#steps = [];
        this.show(await this.engine.ask("do", { key: this.key, steps }));
        this.changed(this);
      }
    } catch (error) {
      if (this.restart.hidden) this.say(`This explorer could not do that. ${error.message}`);
    } finally {
      this.#under = null;
    }
  }

  #build(about) {
    const { still } = this;
    const host = element("div", { className: "card" });
    // alone on a page it may fill a projector's
    this.#card = liveFigure(host, (handle, x, y) => this.step("drag", handle, x, y), window.explore ? 4 : 1.1);
    this.#card.show({ alt: about.alt, handles: about.handles });
    for (const control of about.controls) {
      const move = (value) => this.step("move", { [control.name]: value });
      this.#widgets[control.name] = WIDGETS[control.kind](control, move, (words) => this.say(words));
    }
    const press = (label) => element("button", { type: "button", className: label === about.main ? "main" : "",
      onclick: () => this.step("press", label) }, label);
    this.restart = element("button", { type: "button", className: "restart", hidden: true, onclick: () => this.again() }, "Start again");
    const rows = (folded) => {
      const here = (name) => about.folded.includes(name) === folded;
      return [
        element("div", { className: "controls" }, ...about.controls.filter(({ name }) => here(name)).map(({ name }) => this.#widgets[name].element)),
        element("div", { className: "presets" }, ...about.buttons.filter(here).map(press)),
      ];
    };
    const front = rows(false);
    this.box = element("div", { className: "explorer", role: "group", "aria-label": `Explorer ${about.name}`, tabIndex: -1 }, ...front, host, this.restart);
    if (about.folded.length) {
      front[1].append(element("button", { type: "button", className: "unfold" }, "More controls"));
      front[1].after(element("div", { className: "more" }, ...rows(true)));
      unfolds(this.box)();
    }
    this.box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.box.focus(); });
    this.#card.show(about.card); // before its place is measured
    const picture = still.querySelector("img");
    const before = picture.getBoundingClientRect();
    const root = document.documentElement;
    root.style.overflowAnchor = "none"; // or the browser, too, would put right what is put right here
    still.classList.add("live");
    still.prepend(this.box);
    if (before.top < innerHeight) scrollBy({ top: this.#card.picture.getBoundingClientRect().top - before.top, behavior: "instant" });
    requestAnimationFrame(() => requestAnimationFrame(() => { root.style.overflowAnchor = ""; }));
  }
}

// --- a page --------------------------------------------------------------------------------------------

// Let the figures of the page move: each is made when it comes near the window. `come` hears how much has been
// fetched, from 0 to 1; `ended` why Python has stopped. Resolves to a function that stops all.
export async function bringToLife(stills, { first = null, state = {}, changed = () => {}, ...hear }) {
  await new Promise((resolve, reject) => {
    if (document.querySelector("link.live")) return resolve();
    document.head.append(element("link", { rel: "stylesheet", className: "live", href: new URL("live.css", here).href,
      onload: resolve, onerror: reject }));
  });
  const explorers = new Map();
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) wake(target);
  }, { rootMargin: "150% 0px" });
  const engine = new Engine({
    come: hear.come,
    frames(frames) { for (const one of explorers.values()) if (frames[one.key]) one.show(frames[one.key]); },
    ended(why) {
      if (!why) return;
      for (const one of explorers.values()) one.end(why);
      hear.ended?.(why);
    },
  });
  async function wake(still) {
    near.unobserve(still);
    if (explorers.has(still)) return;
    const one = new Explorer(still, engine, again);
    one.changed = changed;
    explorers.set(still, one);
    try {
      await one.make(state);
    } catch (error) {
      explorers.delete(still);
      hear.ended?.(error.message);
    }
  }
  async function again() {
    await engine.start();
    for (const one of explorers.values()) await one.make();
    hear.again?.();
  }
  await engine.start();
  if (first) await wake(first);
  for (const still of stills) near.observe(still);
  return { engine, explorers, again };
}
