// Runs the Python of the course for a page: a message { id, kind, payload } goes to helpers/explorers/page.py, its
// answer comes back. Messages without an id: { kind: "come", payload: bytes } while the files are fetched, and
// { kind: "frames" } from what takes long.

let answer = null;

// Fetch a file and count its bytes as they come, in a copy: the browser keeps compiled WebAssembly for the original.
async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.split("/").pop()} cannot be fetched (${response.status})`);
  response.clone().body.pipeTo(new WritableStream({ write(part) { postMessage({ kind: "come", payload: part.length }); } }))
    .catch(() => {});
  return response;
}

// A pack is gzip of: 4 bytes, the length of the JSON list [[path, length], …]; the list; the files.
async function unpacked(address) {
  const stream = (await fetched(address)).body.pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const end = 4 + new DataView(buffer).getUint32(0, true);
  let at = end;
  return JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, end - 4)))
    .map(([name, length]) => [name, new Uint8Array(buffer, (at += length) - length, length)]);
}

async function start({ folder, lock }) {
  const packs = ["python", "course"].map((name) => unpacked(`${folder}${name}.pack`));
  const core = fetched(`${folder}pyodide.asm.wasm`);
  importScripts(`${folder}pyodide.js`, `${folder}pyodide.asm.js`);
  const [libraries, course] = await Promise.all(packs);
  const blob = (what) => URL.createObjectURL(new Blob([what]));
  const real = self.fetch;
  self.fetch = (address, options) => String(address).endsWith("pyodide.asm.wasm") ? core : real(address, options);
  const python = await loadPyodide({
    indexURL: folder,
    lockFileURL: blob(JSON.stringify(lock)),
    stdLibURL: blob(libraries.find(([name]) => name === "stdlib.zip")[1]),
    env: { HOME: "/home/pyodide", MPLCONFIGDIR: "/packages/matplotlib-config", MPLBACKEND: "svg", PYTHONDONTWRITEBYTECODE: "1" },
  });
  self.fetch = real;
  const folders = new Set();
  for (const [root, files] of [["/packages/", libraries], ["/course/", course]]) {
    for (const [name, bytes] of files) {
      if (name === "stdlib.zip") continue;
      const where = (root + name).replace(/\/[^/]*$/, "");
      if (!folders.has(where)) python.FS.mkdirTree(where);
      folders.add(where);
      python.FS.writeFile(root + name, bytes, { canOwn: true });
    }
  }
  answer = python.runPython(`
import logging, sys
sys.path[:0] = ["/packages", "/course"]
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # only the fonts that are drawn with are here
from helpers.explorers import page
page.answer`);
}

// Go on with what takes long, and hear the page between its pieces.
let going = false;
async function goOn() {
  if (going) return;
  going = true;
  for (let rest = 0; rest !== null;) {
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel(); // setTimeout would rest 4 ms at the least
      port1.onmessage = () => (rest > 0 ? setTimeout(resolve, 1000 * rest) : resolve());
      port2.postMessage(null);
    });
    const { payload } = JSON.parse(answer(JSON.stringify({ kind: "go on" })));
    rest = payload?.rest ?? null;
    if (payload && Object.keys(payload.frames).length) postMessage({ kind: "frames", payload: payload.frames });
  }
  going = false;
}

onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") {
      await start(data.payload);
      postMessage({ id: data.id, payload: {} });
    } else {
      postMessage(JSON.parse(answer(JSON.stringify(data))));
      goOn();
    }
  } catch (error) { // Python itself has ended, out of memory for example, or never began
    postMessage({ id: data.id, fatal: String(error.message ?? error).trim().split("\n").pop() });
  }
};
