// An explorer alone on a page: the state of its controls stands in the address, to link to, and comes from there.
{
  const root = document.documentElement;
  if (window.top !== window) root.classList.add("framed");
  const asked = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const [link, embed, copied] = ["link", "embed", "copied"].map((id) => document.getElementById(id));
  const write = () => {
    link.value = location.href;
    embed.value = `<iframe src="${location.href.replaceAll("&", "&amp;")}" title="${document.querySelector("h1").textContent}" width="100%" height="640"></iframe>`;
  };
  let later;
  let own = location.hash; // what this page wrote itself
  let alive = null;
  window.explore = {
    first: document.querySelector("figure[data-explorer]"),
    state: asked(),
    changed(one) {
      alive = one;
      clearTimeout(later); // a browser does not let an address be written as often as a picture
      later = setTimeout(() => {
        const text = (value) => typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
        const moved = Object.entries(one.values).filter(([name, value]) => value !== one.start[name]);
        const state = String(new URLSearchParams(moved.map(([name, value]) => [name, text(value)])));
        own = state && `#${state}`;
        history.replaceState(null, "", own || location.pathname + location.search);
        write();
      }, 300);
    },
  };
  addEventListener("hashchange", () => {
    if (location.hash !== own) alive?.step("read", asked());
    write();
  });
  document.getElementById("copy").addEventListener("click", async () => {
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
      copied.textContent = "Copied.";
    } catch { copied.textContent = "Copy it from here."; }
    setTimeout(() => { copied.textContent = ""; }, 4000);
  });
  write();
}
