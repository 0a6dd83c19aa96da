// A multiple-choice question to commit to (part "ask") and its explanation (part "explain").
// All HTML in the traits was made from escaped text by predict.py.

let views = 0;

// A choice counts when the kernel has noted it; one that was restarted has forgotten the question and says nothing.
const PATIENCE = 3000; // milliseconds
const SILENT = "This was not noted: the kernel does not answer, or was restarted and has forgotten the question. "
  + "Run the imports at the top of the notebook, then this cell again.";

function ask(model, el) {
  el.innerHTML = `<form>
    <fieldset><legend></legend><div class="options"></div></fieldset>
    <button type="submit" class="commit">Commit</button>
    <p class="message" role="status" tabindex="-1"></p>
    <button type="button" class="again">Take it back and try again</button>
    <p class="error" role="alert"></p></form>`;
  const find = (selector) => el.querySelector(selector);
  const group = `prediction-${++views}`;
  find("legend").innerHTML = `<strong>${model.get("title")}</strong>`;
  find(".options").innerHTML = model.get("options")
    .map((option, i) => `<label><input type="radio" name="${group}" value="${i}"><span>${option}</span></label>`).join("");
  const radios = [...el.querySelectorAll("input")];

  const show = () => {
    const committed = model.get("committed") ?? null; // WebAssembly makes undefined of None
    const done = committed !== null;
    radios.forEach((radio, i) => {
      radio.disabled = done;
      if (done) radio.checked = i === committed;
    });
    find(".commit").hidden = done;
    find(".again").hidden = !done;
    find(".message").textContent = done ? model.get("message") : ""; // what was noted before is taken back
    find(".error").innerHTML = model.get("error");
    if (waiting !== null) find(".message").textContent = "…";
  };
  let waiting = null;
  const answered = () => {
    clearTimeout(waiting);
    waiting = null;
    show();
  };
  const commit = (choice) => {
    const before = model.get("committed") ?? null;
    find(".error").textContent = "";
    find(".message").textContent = "…";
    clearTimeout(waiting);
    waiting = setTimeout(() => { // as it was before, and said so
      waiting = null;
      model.set("committed", before);
      show();
      find(".error").textContent = SILENT;
    }, PATIENCE);
    model.set("committed", choice);
    try { model.save_changes(); } catch { /* no way to the kernel: the time runs out */ }
  };
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const choice = radios.findIndex((radio) => radio.checked);
    if (choice < 0) {
      find(".message").textContent = "Choose an option first.";
      radios[0].focus();
      return;
    }
    commit(choice);
    find(".message").focus(); // the button that had the focus is gone
  });
  find(".again").addEventListener("click", () => {
    commit(null);
    radios.find((radio) => radio.checked)?.focus();
  });
  return [["committed", show], ["message", answered], ["error", answered]];
}

function explain(model, el) {
  el.innerHTML = `<section><p class="title"></p><p class="message" role="status"></p><div class="body"></div></section>`;
  el.querySelector(".title").innerHTML = `<strong>${model.get("title")}</strong>`;
  const show = () => {
    el.querySelector(".message").textContent = model.get("message");
    el.querySelector(".body").innerHTML = model.get("body");
  };
  return ["message", "body"].map((name) => [name, show]);
}

// Escape leads back to the notebook's cell; Shift, Ctrl or Alt with Enter runs it, as anywhere else
function backToCell(event) {
  const runs = event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.altKey);
  const cell = event.currentTarget.closest(".jp-Cell");
  if (!cell || !(runs || event.key === "Escape")) return;
  event.preventDefault();
  event.stopPropagation();
  cell.focus();
  const { key, code, keyCode, shiftKey, ctrlKey, altKey } = event;
  const again = { key, code, keyCode, shiftKey, ctrlKey, altKey, bubbles: true, cancelable: true };
  if (runs) cell.dispatchEvent(new KeyboardEvent("keydown", again));
}

function render({ model, el }) {
  el.classList.add("prediction");
  const listeners = (model.get("part") === "ask" ? ask : explain)(model, el);
  for (const control of el.querySelectorAll("input, button, [tabindex]")) {
    control.setAttribute("data-lm-suppress-shortcuts", ""); // or JupyterLab takes the arrow keys to change cells
  }
  el.addEventListener("keydown", backToCell, true);
  for (const [name, show] of listeners) {
    show();
    model.on(`change:${name}`, show);
  }
  return () => listeners.forEach(([name, show]) => model.off(`change:${name}`, show));
}

export default { render };
