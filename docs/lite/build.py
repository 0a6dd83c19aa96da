"""Build the lessons as notebooks that run in the browser (JupyterLite), in the folder `lite` of the pages.

    python docs/lite/build.py PAGES

Pyodide comes from where the live figures have it (docs/live/build.py). Everything else comes out of the
environment: the course and the pure Python packages that it needs are packed as wheels and named in Pyodide's
list of packages, so that an `import` fetches them from the same site; nothing is installed by hand, no other
server is asked.
"""

import base64
import hashlib
import importlib.metadata as metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE.parent / "live")]

import build as live  # noqa: E402
from tools.in_browser import for_the_browser  # noqa: E402
from tools.notebooks import LESSONS, parse, serialise  # noqa: E402

TOOLS = ROOT / "build" / "lite-tools"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# what of the environment is packed, each with what it needs in turn
PACKED = {
    "ipywidgets": ["comm", "traitlets", "ipython", "jupyterlab-widgets", "widgetsnbextension"],
    "jupyterlab-widgets": [],
    "widgetsnbextension": [],
    "comm": ["traitlets"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "psygnal": [],
    "typing-extensions": [],
    "mpmath": [],
    "sympy": ["mpmath"],
}
# what is taken of Pyodide, with what that needs
TAKEN = ("numpy", "matplotlib", "scikit-learn", "ipython", "micropip", "packaging", "ssl", "sqlite3", "jedi")
COURSE = ["numpy", "matplotlib", "ipywidgets", "anywidget", "mpmath"]


def tools() -> None:
    """Install JupyterLite beside the environment, once; where that fails the notebooks are left out."""
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    made = TOOLS / "made.txt"
    if made.exists() and made.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    options = ["--quiet", "--no-deps", "--no-compile", "--disable-pip-version-check", "--target", str(TOOLS)]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", str(HERE / "requirements.txt")]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise live.Missing("JupyterLite cannot be installed")
    made.write_text(wanted, encoding="utf-8")


def main(pages: Path) -> None:
    """Make the lessons as notebooks in the browser, in a folder that no other build empties meanwhile."""
    tools()
    with tempfile.TemporaryDirectory() as work:
        write(pages, Path(work))


def write(pages: Path, work: Path) -> None:
    """Write the contents, Pyodide and its list of packages, and have JupyterLite build its pages."""
    contents, static = work / "contents", work / "dir" / "static" / "pyodide"
    contents.mkdir(parents=True)
    static.mkdir(parents=True)
    for lesson in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")):
        notebook = for_the_browser(parse(lesson.read_text(encoding="utf-8")))
        (contents / lesson.name).write_text(serialise(notebook), encoding="utf-8")
    fill(static, ROOT / "build" / "pyodide")
    shutil.copy(HERE / "jupyter-lite.json", work / "dir")
    options = ["--apps", "notebooks", "--apps", "tree", "--no-libarchive", "--no-sourcemaps"]
    command = ["--lite-dir", work / "dir", "--contents", contents, "--output-dir", pages / "lite", *options]
    kernel = TOOLS / "share" / "jupyter" / "labextensions" / "@jupyterlite" / "pyodide-kernel-extension"
    config = {"LiteBuildConfig": {"federated_extensions": [str(kernel)]}}
    (work / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", *map(str, command)],
        cwd=work, env={**os.environ, "PYTHONPATH": str(TOOLS)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if built.returncode:
        raise SystemExit(f"JupyterLite could not be built:\n{built.stdout[-3000:]}{built.stderr[-3000:]}")


def fill(static: Path, downloads: Path) -> None:
    """Take of Pyodide what the lessons need, pack the rest, and name all in its list of packages."""
    version, pins = live.pins()
    pyodide = Path(os.environ.get("LESSONS_PYODIDE") or downloads)
    for name in (*CORE, "pyodide-lock.json"):
        live.fetch_one(pyodide, name, pins[name], version)
        shutil.copyfile(pyodide / name, static / name)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    theirs = {normal(name): entry for name, entry in lock["packages"].items()}
    chosen = needed(theirs)
    for entry in chosen.values():
        live.fetch_one(pyodide, entry["file_name"], entry["sha256"], version)
        shutil.copyfile(pyodide / entry["file_name"], static / entry["file_name"])
    packed = {name: entry_of(pack(name, static), name, needs) for name, needs in PACKED.items()}
    packed["why-cross-entropy"] = entry_of(pack_course(static), "helpers", COURSE)
    kept = {name: entry for name, entry in lock["packages"].items() if normal(name) in chosen}
    lock["packages"] = kept | packed
    (static / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def normal(name: str) -> str:
    """Return the name of a package as it is compared: `prompt_toolkit` is `prompt-toolkit`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(packages: dict[str, dict]) -> dict[str, dict]:
    """Return of Pyodide's packages those that are taken, and all that they depend on."""
    found, todo = {}, [*TAKEN]
    while todo:
        name = normal(todo.pop())
        if name not in found:
            found[name] = packages[name]
            todo += packages[name]["depends"]
    return found


def entry_of(file: Path, module: str, needs: list[str]) -> dict:
    """Return what Pyodide's list says of a wheel, which an import of `module` fetches."""
    name = normal(file.name.partition("-")[0])
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "name": name, "version": file.name.split("-")[1], "file_name": file.name, "install_dir": "site",
        "sha256": sha256, "package_type": "package", "imports": [module.replace("-", "_")], "depends": needs,
        "unvendored_tests": False, "shared_library": False,
    }  # fmt: skip


def pack(name: str, into: Path) -> Path:
    """Make a wheel of an installed package again, of its Python files and what lies beside them."""
    found = metadata.distribution(name)
    root = Path(found.locate_file("")).resolve()
    wanted = {}
    for record in found.files:
        file = Path(record.locate()).resolve()
        inside = file.is_relative_to(root) and file.exists()
        if inside and file.suffix not in (".pyc", ".so", ".pyd") and "tests" not in record.parts:
            wanted[file.relative_to(root).as_posix()] = file.read_bytes()
    return write_wheel(into, name.replace("-", "_"), found.version, wanted)


def pack_course(into: Path) -> Path:
    """Make a wheel of `helpers`."""
    kinds = (".py", ".js", ".css", ".npz")
    files = [file for file in sorted((ROOT / "helpers").rglob("*")) if file.suffix in kinds]
    contents = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}
    return write_wheel(into, "why_cross_entropy", metadata.version("why-cross-entropy"), contents)


def write_wheel(into: Path, name: str, version: str, files: dict[str, bytes]) -> Path:
    """Write a pure wheel of `files`; the same files give the same bytes."""
    about = f"{name}-{version}.dist-info"
    files = {path: text for path, text in files.items() if ".dist-info/" not in path}
    files[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    files[f"{about}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: why-cross-entropy\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = [f"{path},sha256={digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,\n"]).encode()
    wheel = into / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), files[path], zipfile.ZIP_DEFLATED)
    return wheel


def digest(text: bytes) -> str:
    """Return the sha256 of a file as a wheel's record writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except live.Missing as missing:
        print(f"The lessons are not there as notebooks in the browser: {missing}.", flush=True)
