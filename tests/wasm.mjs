// Runs a Python file in WebAssembly, with the packs that the web pages fetch, as docs/static/worker.js does:
// node wasm.mjs <folder of the packs> <folder of Pyodide> <file> <arguments>…

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const complain = (error) => { console.error(error.message ?? error); process.exit(1); }; // without Pyodide's own source
process.on("uncaughtException", complain).on("unhandledRejection", complain);

const [live, pyodide, file, ...rest] = process.argv.slice(2).map((name, i) => (i < 3 ? path.resolve(name) : name));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
const packs = Object.fromEntries(["python", "course"].map((name) => {
  const pack = zlib.gunzipSync(fs.readFileSync(path.join(live, `${name}.pack`)));
  let at = 4 + pack.readUInt32LE(0);
  return [name, JSON.parse(pack.subarray(4, at)).map(([of, length]) => [of, pack.subarray(at, (at += length))])];
}));
const library = path.join(fs.mkdtempSync(path.join(process.env.TMPDIR ?? "/tmp", "library-")), "stdlib.zip");
fs.writeFileSync(library, packs.python.find(([name]) => name === "stdlib.zip")[1]);
const python = await loadPyodide({
  indexURL: pyodide + path.sep, stdLibURL: library, args: [],
  env: { HOME: "/home/pyodide", MPLCONFIGDIR: "/packages/matplotlib-config", MPLBACKEND: "svg", PYTHONDONTWRITEBYTECODE: "1" },
});
for (const [root, files] of [["/packages/", packs.python], ["/course/", packs.course]]) {
  for (const [name, bytes] of files) {
    python.FS.mkdirTree(path.posix.dirname(root + name));
    python.FS.writeFile(root + name, bytes);
  }
}
fs.rmSync(path.dirname(library), { recursive: true });
python.FS.writeFile("/main.py", fs.readFileSync(file));
python.globals.set("arguments", python.toPy(rest));
python.runPython(`
import logging, runpy, sys
sys.path[:0] = ["/packages", "/course"]
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
sys.argv = ["/main.py", *arguments]
runpy.run_path("/main.py", run_name="__main__")`);
