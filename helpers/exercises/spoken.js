// One region of the page, there and empty before anything is said in it: a screen reader tells what changes.

function region() {
  let found = document.getElementById("lessons-spoken");
  if (!found) {
    found = document.createElement("div");
    found.id = "lessons-spoken";
    found.setAttribute("role", "status");
    found.style.cssText = "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";
    document.body.append(found);
  }
  return found;
}

function initialize({ model }) {
  let timer;
  const say = () => {
    const text = model.get("text");
    if (!text) return;
    region().textContent = "";
    clearTimeout(timer);
    timer = setTimeout(() => {
      region().textContent = text;
      model.set("text", ""); // said: not again when the page is reloaded, and the same words are news next time
      model.save_changes();
    }, 100);
  };
  region();
  say();
  model.on("change:text", say);
}

export default { initialize };
