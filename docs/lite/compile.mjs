// Compiles the Python of zip archives to bytecode, by the very Python that will run it, so that no visitor's browser
// has to: node compile.mjs <folder of Pyodide> <folder with archives> <folder to write>. Bytecode takes the place of
// the source, but for the course's own, which lessons show and checks read: there it stands beside it.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const complain = (error) => { console.error(error.message ?? error); process.exit(1); }; // without Pyodide's own source
process.on("uncaughtException", complain).on("unhandledRejection", complain);

const [pyodide, from, to] = process.argv.slice(2, 5).map((name) => path.resolve(name));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide + path.sep, env: { PYTHONHASHSEED: "0" } });
python.runPython(`
import py_compile, re, zipfile
from pathlib import Path

# where a learner may ask for help, or a docstring does something; elsewhere it only takes room
WITH_DOCSTRINGS = re.compile("helpers|numpy|matplotlib|mpmath|IPython|ipywidgets|traitlets|anywidget")

def compiled(text, name):
    Path("/tmp/one.py").write_bytes(text)
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    optimize = 0 if WITH_DOCSTRINGS.search(name) else 2
    py_compile.compile("/tmp/one.py", "/tmp/one.pyc", name, doraise=True, optimize=optimize, invalidation_mode=unchecked)
    return Path("/tmp/one.pyc").read_bytes()

def rewrite(where):
    with zipfile.ZipFile("/in.zip") as source, zipfile.ZipFile("/out.zip", "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if not name.endswith(".py"):
                target.writestr(zipfile.ZipInfo(name), text)
                continue
            code = compiled(text, where + name)
            if name.startswith("helpers/"):
                folder, _, file = name.rpartition("/")
                target.writestr(zipfile.ZipInfo(name), text)
                name = f"{folder}/__pycache__/{file[:-3]}.cpython-312.py"
            target.writestr(zipfile.ZipInfo(name + "c"), code)
`);
for (const name of fs.readdirSync(from)) {
  python.FS.writeFile("/in.zip", new Uint8Array(fs.readFileSync(path.join(from, name))));
  const where = name.startsWith("python_stdlib") ? "/lib/python312.zip/" : "/lib/python3.12/site-packages/";
  python.runPython(`rewrite(${JSON.stringify(where)})`);
  fs.writeFileSync(path.join(to, name), python.FS.readFile("/out.zip"));
}
