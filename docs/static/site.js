// What scrolls sideways can be reached by keyboard, and only while it does scroll. Where it goes on, it fades.
const SCROLLS = "pre, .table-wrapper, div.math, .wide";
const fade = (box) => box.classList.toggle("goes-on", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
const reach = () => {
  for (const box of document.querySelectorAll(SCROLLS)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    fade(box);
  }
};
addEventListener("resize", reach);
addEventListener("scroll", ({ target }) => { if (target.matches?.(SCROLLS)) fade(target); }, { capture: true, passive: true });
addEventListener("load", () => (window.MathJax?.startup?.promise ?? Promise.resolve()).then(reach));

// From a file a page may not read others: the search then shows titles alone.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// The figures of explorers stand still until a reader wants them to move; then live.js and Python are fetched.
{
  const bar = document.querySelector(".figures"); // the line on top of the page; it says how much there is to fetch
  const stills = [...document.querySelectorAll("figure[data-explorer]")];
  const here = document.currentScript.src;
  const add = (to, name, attributes, ...children) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    to.append(made);
    return made;
  };
  const remembered = (value) => { // storage may be refused
    try {
      if (value === undefined) return localStorage.getItem("figures") === "move";
      localStorage.setItem("figures", value);
    } catch { return false; }
  };
  const size = bar?.dataset.megabytes;
  const lacking = location.protocol === "file:" ? "a page opened as a file may not start what moves them. Serve the folder: python3 -m http.server"
    : !(window.WebAssembly && window.Worker && window.DecompressionStream) ? "this browser is too old to run Python (it lacks WebAssembly or what comes with it)" : "";

  const begin = async (first) => {
    const wakers = document.querySelectorAll(".wake"); // they keep their place until their figure has it
    for (const button of wakers) button.disabled = true;
    const words = add((bar.replaceChildren(), bar), "span", { role: "status" }, "Python is on its way …");
    const progress = add(bar, "progress", { max: 1, ariaLabel: "fetched" });
    const say = (text, button, press) => {
      progress.remove();
      words.textContent = `${text} `;
      bar.querySelector("button")?.remove();
      if (button) add(bar, "button", { type: "button", onclick: press }, button);
    };
    const moving = () => say("The figures on these pages move.", "Let them stand still", () => { remembered("still"); location.reload(); });
    try {
      const { bringToLife } = await import(new URL("live.js", here));
      window.figures = await bringToLife(stills, {
        first,
        come(part) {
          progress.value = part;
          if (part === 1) words.textContent = "Python starts …";
          for (const button of wakers) button.textContent = part < 1 ? `Coming: ${Math.round(100 * part)} %` : "Python starts …";
        },
        ended: (why) => say(`The figures stand still again: ${why}.`, "Start again", () => window.figures.again()),
        again: moving,
        ...window.explore, // what a page of the gallery wants to hear
      });
      remembered("move");
      moving();
      // whoever came by keyboard stays where they were
      if (document.activeElement === document.body) first?.querySelector(".explorer")?.focus({ preventScroll: true });
    } catch (error) {
      say(`The figures could not be started: ${error.message}.`, "Try again", () => location.reload());
    }
  };

  if (bar && size && !lacking) window.startFigures = begin; // the exercises of a page need the same Python
  if (bar && !stills.length) bar.closest(".announcement")?.remove(); // the page of the search
  if (bar && stills.length && lacking) bar.textContent = `Here the figures stand still: ${lacking}.`;
  else if (bar && size && stills.length) {
    const wake = `Let the figures move (${size} MB)`;
    bar.replaceChildren("Here the figures stand still. ");
    add(bar, "button", { type: "button", onclick: () => begin(null) }, wake);
    for (const still of stills) {
      const waker = add(still, "button", { type: "button", className: "wake", onclick: () => begin(still) }, `▶ Make it move (${size} MB)`);
      still.querySelector(".wide").after(waker);
      still.querySelector("img").addEventListener("click", () => { if (still.querySelector(".wake")) begin(still); });
    }
    if (remembered() && !navigator.connection?.saveData) addEventListener("load", () => begin(null));
  }
}
