// Predictions, exercises and progress on the pages. What was done stands in the browser's own storage, line by line as
// in the progress.jsonl of the notebooks. Answers are judged by the very Python of the course, in the worker of live.js.

{ // names of its own
const STORE = "why-cross-entropy/progress.jsonl";
const LIMIT = 20_000; // ms that an answer may take
const here = new URL(".", document.currentScript.src);
const about = (element) => JSON.parse(element.dataset.about);
const make = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};

// --- what was done -------------------------------------------------------------------------------------

let memory = ""; // where storage is refused it lasts as long as the page
const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const write = (key, text) => { try { localStorage.setItem(key, text); return true; } catch { return false; } };
const lines = () => read(STORE) ?? memory;
function entries() {
  const found = [];
  for (const line of lines().split("\n")) {
    try {
      const { name, result, mistake = null } = JSON.parse(line);
      if (typeof name === "string" && (result === null || typeof result === "string")) found.push({ name, result, mistake });
    } catch { /* a damaged line is passed over */ }
  }
  return found;
}
function history() {
  const found = {};
  for (const { name, result } of entries()) (found[name] ??= []).push(result);
  return found;
}
const latest = {}; // what the latest check of each exercise said on this page
function record(name, result, mistake = null, said = "") { // as in results.py: another verdict is another try
  const last = entries().findLast((entry) => entry.name === name) ?? { result: null, mistake: null };
  const same = (latest[name] ?? said) === said;
  latest[name] = said;
  if (last.result === result && last.mistake === mistake && same) return;
  memory = `${lines()}${JSON.stringify({ name, result, ...(mistake && { mistake }) })}\n`;
  write(STORE, memory);
  dispatchEvent(new Event("progress"));
}

// --- predictions ---------------------------------------------------------------------------------------

let views = 0;
function ask(element) {
  const { name, question, options } = about(element);
  const group = `prediction-${++views}`;
  const choices = options.map(({ html }, at) => {
    const radio = make("input", { type: "radio", name: group, value: at });
    return make("label", {}, radio, make("span", { innerHTML: html }));
  });
  const commit = make("button", { type: "submit" }, "Commit");
  const again = make("button", { type: "button" }, "Take it back and try again");
  const said = make("p", { tabIndex: -1 });
  said.setAttribute("role", "status");
  const form = make("form", {}, make("fieldset", {}, make("legend", { innerHTML: `<strong>${question}</strong>` }), ...choices), commit, said, again);
  const radios = [...form.querySelectorAll("input")];
  const chosen = () => options.findIndex(({ text }) => text === (history()[name] ?? []).at(-1));
  const show = () => {
    const done = chosen();
    radios.forEach((radio, at) => { radio.disabled = done >= 0; if (done >= 0) radio.checked = at === done; });
    commit.hidden = done >= 0;
    again.hidden = done < 0;
    said.textContent = done < 0 ? "" : `Noted: you predict ${"ABCDEFGH"[done]}. Now move the figure; the explanation after it has opened.`;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const at = radios.findIndex((radio) => radio.checked);
    if (at < 0) { said.textContent = "Choose an option first."; return; }
    record(name, options[at].text);
    said.focus();
  });
  again.addEventListener("click", () => { record(name, null); radios.find((radio) => radio.checked)?.focus(); });
  addEventListener("progress", show);
  element.replaceChildren(form);
  show();
}

function explain(element) {
  const { name } = about(element);
  const question = [...document.querySelectorAll("div.prediction")].map(about).find((one) => one.name === name);
  if (!question) return;
  const show = () => {
    const at = question.options.findIndex(({ text }) => text === (history()[name] ?? []).at(-1));
    if (at < 0) {
      element.replaceChildren(make("p", {}, "Commit to a prediction first; the explanation then opens here."));
      return;
    }
    const rows = question.options.map(({ html, why, right }, i) => make("li", {
      innerHTML: `<strong>${html}</strong>${i === at ? " (your prediction)" : ""}<br>${right ? "✓ Right" : "✗ Wrong"}: ${why}` }));
    const verdict = question.options[at].right ? "right" : "not right";
    element.replaceChildren(make("p", {}, `You predicted ${"ABCDEFGH"[at]}, and ${"ABCDEFGH"[at]} is ${verdict}.`), make("ul", {}, ...rows));
  };
  addEventListener("progress", show);
  show();
}

// --- exercises -----------------------------------------------------------------------------------------

async function engine() { // the one that moves the figures, started where it does not run yet
  if (!window.figures) await window.startFigures(null);
  if (!window.figures) throw new Error("Python could not be started; see the top of the page");
  return window.figures.engine;
}

function exercise(element) {
  const task = about(element);
  const input = element.closest(".cell")?.querySelector(".cell_input");
  if (task.needs) {
    element.append(make("p", {}, "This one needs PyTorch, which does not run in a browser: python3 run.py lab"));
    return;
  }
  if (!window.startFigures) return; // no Python here: the task can be read, and solved in the notebook
  const key = `why-cross-entropy/answer/${task.name}`;
  const begin = make("button", { type: "button", className: "begin" }, read(key) ? "Go on with your answer" : "Write your answer here");
  element.append(begin);
  const open = async () => {
    begin.disabled = true;
    const { editor } = await import(new URL("editor.js", here));
    const box = make("div", { className: "editor", tabIndex: -1 });
    const check = make("button", { type: "button", className: "main" }, "Check");
    const stop = make("button", { type: "button", hidden: true }, "Stop");
    const anew = make("button", { type: "button" }, "Begin anew");
    const said = make("div", { className: "said" });
    said.setAttribute("role", "status");
    const printed = make("pre", { hidden: true });
    let running = false;
    let ended = "";
    const end = async (why) => {
      ended = why;
      (await engine()).stop();
    };
    const run = async () => {
      if (running) return;
      running = check.disabled = true;
      stop.hidden = false;
      ended = "";
      printed.hidden = true;
      said.replaceChildren(make("p", {}, window.figures ? "Checking …" : "Python is on its way …"));
      let clock;
      try {
        const python = await engine();
        python.patience = LIMIT + 10_000;
        clock = setTimeout(() => end(`Stopped after ${LIMIT / 1000} seconds: a loop there never ends, or it is very slow.`), LIMIT);
        const answer = code.text();
        const { html, text: words, printed: text, result, mistake } = await python.ask("check", { ...task, answer });
        said.innerHTML = html;
        printed.textContent = text;
        printed.hidden = !text;
        if (result) record(task.name, result, mistake, result === "correct" ? "" : words);
      } catch (error) {
        said.replaceChildren(make("p", {}, ended || `This could not be checked: ${error.message}.`));
        if (ended) await window.figures.again();
      } finally {
        clearTimeout(clock);
        running = check.disabled = false;
        stop.hidden = true;
      }
    };
    check.addEventListener("click", run);
    stop.addEventListener("click", () => end("Stopped. Nothing was judged."));
    anew.addEventListener("click", () => { code.put(task.answer); code.focus(); });
    const code = editor(box, read(key) ?? task.answer, `Your answer: ${task.name}`, (text) => write(key, text), run);
    if (input) input.hidden = true;
    element.replaceChildren(box, make("div", { className: "row" }, check, stop, anew), printed, said);
    code.focus();
  };
  begin.addEventListener("click", open);
}

// --- progress ------------------------------------------------------------------------------------------

function count(element) {
  const lessons = about(element);
  const table = make("table");
  const words = make("p");
  words.setAttribute("role", "status");
  const file = make("input", { type: "file", accept: ".jsonl,.txt,application/json" });
  file.setAttribute("aria-label", "A progress.jsonl to take in");
  const out = make("button", { type: "button" }, "Save it to a file");
  const forget = make("button", { type: "button" }, "Forget it");
  const show = () => {
    const done = history();
    const row = ([stem, { exercises, predictions }]) => {
      const solved = exercises.filter((name) => (done[name] ?? []).includes("correct")).length;
      const predicted = predictions.filter((name) => (done[name] ?? [null]).at(-1) !== null).length;
      return make("tr", {}, make("th", { scope: "row" }, make("a", { href: `${stem}.html` }, stem.slice(0, 2))),
        make("td", {}, `${solved} of ${exercises.length}`), make("td", {}, `${predicted} of ${predictions.length}`));
    };
    const head = make("tr", {}, ...["lesson", "exercises solved", "predictions made"].map((text) => make("th", { scope: "col" }, text)));
    table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...Object.entries(lessons).map(row)));
  };
  out.addEventListener("click", () => {
    const link = make("a", { href: URL.createObjectURL(new Blob([lines()], { type: "application/jsonl" })), download: "progress.jsonl" });
    link.click();
  });
  file.addEventListener("change", async () => {
    const before = new Set(lines().split("\n"));
    const more = (await file.files[0].text()).split("\n").filter((line) => {
      try { return typeof JSON.parse(line).name === "string" && !before.has(line); } catch { return false; }
    });
    memory = lines() + more.map((line) => `${line}\n`).join("");
    write(STORE, memory);
    words.textContent = `${more.length} results were taken in.`;
    dispatchEvent(new Event("progress"));
  });
  forget.addEventListener("click", () => {
    if (!confirm("Forget all that was solved and predicted in this browser?")) return;
    memory = "";
    write(STORE, "");
    words.textContent = "Forgotten.";
    dispatchEvent(new Event("progress"));
  });
  element.append(make("h2", {}, "What you have done in this browser"), table,
    make("p", {}, "It is kept here and nowhere else. The file is the progress.jsonl of the notebooks: go on with it there, or bring it from there. "),
    make("div", { className: "row" }, out, make("label", {}, "Take in a file ", file), forget), words);
  addEventListener("progress", show);
  show();
}

addEventListener("storage", () => dispatchEvent(new Event("progress"))); // another page of the course
for (const one of document.querySelectorAll("div.prediction, div.explanation")) { // the call is for the notebook
  const input = one.closest(".cell")?.querySelector(".cell_input");
  if (input) input.hidden = true;
}
document.querySelectorAll("div.prediction").forEach(ask);
document.querySelectorAll("div.explanation").forEach(explain);
document.querySelectorAll("div.exercise").forEach(exercise);
document.querySelectorAll("div.progress-here").forEach(count);
}
