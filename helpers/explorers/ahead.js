// A picture before the kernel's answer. Where a control came to rest, the kernel also sends what its next steps would
// show. At such a step the picture is there at once; the kernel's own, a moment later, finds nothing to change.

// `seen()` is the picture that the kernel has sent last, and `paint(picture)` shows one. Returns whether a picture of the
// kernel is behind what is shown: it was on the way when the control moved on.
function showAhead(model, seen, paint, signal) {
  const MOST = 60; // pictures that are kept; they share the parts that are the same
  const kept = new Map(); // where the controls are -> the picture
  let since = null; // where they have been since a kept picture was shown
  let controls = [];
  // a slider adds up its steps in floating point, and the kernel rounds them
  const key = (at) => at.map((it) => (Math.abs(it) < 1e-12 ? 0 : Number(it)).toPrecision(9)).join(" ");
  const now = () => key(controls.map((one) => one.get("value") ?? one.get("index")));
  const behind = () => since !== null && !since.has(key(model.get("at")));
  const look = () => {
    if (kept.has(now())) {
      since = new Set([now()]);
      paint(kept.get(now()));
    } else since?.add(now());
  };
  const moved = (one, value, options) => {
    if (options?.updated_view) look();
    else since = null; // the kernel has moved it, and its picture follows
  };
  const keep = (at, picture) => {
    kept.delete(at); // so that it counts as new
    kept.set(at, picture);
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
  };
  model.on("msg:custom", ({ ahead, from }) => {
    if (!ahead || key(from) !== key(model.get("at"))) return;
    keep(key(from), seen());
    for (const [at, parts] of ahead) keep(key(at), { ...seen(), ...parts });
    if (controls.length && now() !== key(from)) look(); // a held key is further on already
  });
  const find = async () => {
    controls = await Promise.all(model.get("controls").map((id) => model.widget_manager.get_model(id)));
    const events = "change:value change:index";
    for (const one of controls) one.on(events, moved);
    signal.addEventListener("abort", () => { for (const one of controls) one.off(events, moved); });
  };
  find().catch(() => {}); // where the controls cannot be heard, the kernel's pictures are all there is
  return behind;
}
