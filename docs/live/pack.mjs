// Makes packs that a page fetches: node pack.mjs <folder of Pyodide> <root of the project> <folder to write> <which>
// python.pack: the standard library, NumPy, Matplotlib and what it needs; course.pack: the package helpers. Both are
// compiled to bytecode here, by the very Python that will run them, and the font cache is built; what no figure
// needs is left out. A pack is gzip of: 4 bytes, the length of the JSON list [[path, length], …]; the list; the files.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const complain = (error) => { console.error(error.message ?? error); process.exit(1); }; // without Pyodide's own source
process.on("uncaughtException", complain).on("unhandledRejection", complain);

const [pyodide, root, out] = process.argv.slice(2, 5).map((name) => path.resolve(name) + "/");
const which = process.argv[5].split(",");
const packages = which.includes("python") ? process.argv.slice(6) : [];
const { loadPyodide } = await import(pathToFileURL(pyodide + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: pyodide, env: { PYTHONHASHSEED: "0" } });
const bytes = (file) => new Uint8Array(fs.readFileSync(file));

for (const name of packages) python.unpackArchive(bytes(pyodide + name).buffer, "zip", { extractDir: "/packages" });
python.FS.mkdirTree("/made");
python.FS.mkdirTree("/packages");
python.FS.writeFile("/made/python_stdlib.zip", bytes(pyodide + "python_stdlib.zip"));
for (const file of fs.readdirSync(root + "helpers", { recursive: true })) {
  if (!/\.(py|npz)$/.test(file)) continue;
  const to = "/course/helpers/" + file.replaceAll("\\", "/");
  python.FS.mkdirTree(path.posix.dirname(to));
  python.FS.writeFile(to, bytes(root + "helpers/" + file));
}

python.runPython(`
import os, py_compile, re, shutil, sys, zipfile
from pathlib import Path

UNNEEDED = re.compile(r"""
    /tests?/ | /conftest | \\.(pyi|a|h|c|pxd|pyx|in|ini|afm|tar\\.gz|svg|gif|pdf)$
  | \\.dist-info/(?!.*LICENSE) | \\.libs/
  | ^numpy/(f2py|distutils|_pyinstaller|core/include|doc)/
  | ^matplotlib/(pyplot|testing|_ttconv|backends/backend_webagg|sphinxext|_qhull|_tri\\.|mpl-data/(sample_data|images|stylelib|plot_directive|kpsewhich))
  | ^matplotlib/mpl-data/fonts/ttf/(?!DejaVuSans(-Bold|-Oblique|Display)?\\.ttf)
  | ^matplotlib/backends/(_?backend_(?!agg|mixed|svg)|qt_|web_|_macosx|_tkagg)
  | ^mpl_toolkits/(axisartist|axes_grid1)
  | ^PIL/(?!ExifTags|Gimp|Image\\.|ImageChops|ImageColor|ImageFile|ImageMode|ImagePalette|ImageSequence|Palette|PngI|TiffTags|__init|_binary|_deprecate|_typing|_util|_version|_imaging\\.)
  | ^pylab | ^fontTools/ | ^numpy/_core/(_operand_flag_tests|_rational_tests|_struct_ufunc|_umath_tests|_simd)
""", re.X)

# of the standard library: what needs a system, a network or a screen, and encodings that no source here has
UNUSED = re.compile(r"""
    (pydoc_data|ensurepip|idlelib|lib2to3|turtledemo|multiprocessing|xmlrpc|wsgiref|sqlite3|dbm|curses|tkinter|venv|distutils)/
  | (http|email|logging/(config|handlers)|pdb|pydoc|doctest|ftplib|imaplib|smtplib|poplib|nntplib|telnetlib|mailbox|cgi|turtle)\\b(?!/__init__)
  | encodings/(?!__init__|aliases|ascii|cp437|idna|latin_1|punycode|raw_unicode|unicode_esc|utf_)
""", re.X)

packages = Path("/packages")
for file in sorted(packages.rglob("*")):
    if file.is_file() and UNNEEDED.search(file.relative_to(packages).as_posix()):
        file.unlink()

sys.path[:0] = ["/packages", "/course"]
sys.dont_write_bytecode = True
os.environ |= {"MPLCONFIGDIR": "/packages/matplotlib-config", "MPLBACKEND": "svg"}
if packages.joinpath("matplotlib").is_dir():
    import matplotlib.font_manager

def compiled(source, to, name, optimize=0):
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(source), str(to), name, doraise=True, optimize=optimize, invalidation_mode=unchecked)

for file in sorted(packages.rglob("*.py")):  # bytecode in place of the source: nobody reads it here
    name = file.relative_to(packages).as_posix()
    compiled(file, file.with_suffix(".pyc"), name, optimize=0 if name.startswith("numpy/") else 2)
    file.unlink()
for file in sorted(Path("/course").rglob("*.py")):  # beside the source, which lessons show and checks read
    compiled(file, file.parent / "__pycache__" / (file.stem + ".cpython-312.pyc"), str(file))

library = zipfile.ZipFile("/made/python_stdlib.zip")
with zipfile.ZipFile("/packages/stdlib.zip", "w") as slim:  # not compressed: the pack is
    for name in sorted(library.namelist()):
        if name.endswith("/") or UNUSED.match(name):
            continue
        data = library.read(name)
        if name.endswith(".py"):
            Path("/made/one.py").write_bytes(data)
            compiled("/made/one.py", "/made/one.pyc", name, optimize=2)
            name, data = name + "c", Path("/made/one.pyc").read_bytes()
        slim.writestr(zipfile.ZipInfo(name), data)
`);

for (const [name, folder] of [["python", "/packages"], ["course", "/course"]].filter(([name]) => which.includes(name))) {
  const files = JSON.parse(python.runPython(`
import json
json.dumps(sorted(str(file) for file in Path("${folder}").rglob("*") if file.is_file()))`));
  const parts = files.map((file) => python.FS.readFile(file));
  const list = Buffer.from(JSON.stringify(files.map((file, i) => [file.slice(folder.length + 1), parts[i].length])));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(list.length);
  fs.writeFileSync(`${out}${name}.pack`, zlib.gzipSync(Buffer.concat([head, list, ...parts]), { level: 9 }));
}
