"""Build the lessons as notebooks that run in the browser (JupyterLite), in a folder that the pages take in.

    python docs/lite/build.py FOLDER

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
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE.parent / "live")]

import build as live  # noqa: E402
from tools.in_browser import for_the_browser  # noqa: E402
from tools.notebooks import LESSONS, parse, serialise  # noqa: E402

TOOLS = ROOT / "build" / "lite-tools"
EXTENSION = "@jupyterlite/pyodide-kernel-extension"
PYPI = f"share/jupyter/labextensions/{EXTENSION}/static/pypi"
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget", "why-cross-entropy")
APP = 2_200_000  # bytes of JupyterLite itself as they travel, and a lesson: `run.py bench in_browser --files`
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip")
# what of the environment is packed, each with what it needs in turn
PACKED = {
    "ipywidgets": ["comm", "traitlets", "ipython"],
    "comm": ["traitlets"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "psygnal": [],
    "typing-extensions": [],
    "mpmath": [],
    "sympy": ["mpmath"],
}
# what is taken of Pyodide, with what that needs
TAKEN = ("numpy", "matplotlib", "scikit-learn", "ipython", "micropip", "packaging", "jedi", "sqlite3")
COURSE = ["numpy", "matplotlib", "ipywidgets", "anywidget", "mpmath"]
# what the kernel brings itself, and what it insists on and no lesson needs: packed empty
KERNEL = {"piplite": ["micropip"], "ipykernel": [], "pyodide-kernel": ["ipython", "comm"]}
EMPTY = ("ssl",)
START = ["micropip", "jedi", "sqlite3", "ipython", "comm", "why-cross-entropy"]
# named by others among what they need, and not missed: fonts for PDF, time zones, another backend
NOT_MISSED = (*EMPTY, "openssl", "fonttools", "pytz", "matplotlib-pyodide")
# files of packages that nothing asks for in a browser
UNNEEDED = re.compile(
    r"""
    (^|/)tests?/ | /conftest | ^(?!jedi/).*\.pyi$ | \.(a|h|c|pxd|pyx|in|ini|afm)$
  | \.dist-info/RECORD$ | \.data/
  | ^numpy/(distutils|_pyinstaller|_core/include|core/include|doc)/
  | ^numpy/_core/(_operand_flag_tests|_rational_tests|_struct_ufunc|_umath_tests|_simd)
  | ^matplotlib/(testing|sphinxext|_ttconv|mpl-data/(sample_data|images|plot_directive|kpsewhich))
  | ^matplotlib/mpl-data/fonts/(afm|pdfcore)
  | ^matplotlib/mpl-data/fonts/ttf/(DejaVuS(erif|ansMono)|DejaVuSans-BoldOblique|Humor|STIXGeneralBol)
  | ^matplotlib/backends/(_?backend_(?!agg|mixed|svg)|qt_|web_|_macosx|_tkagg)
  | ^mpl_toolkits/(axisartist|axes_grid1)
  | ^PIL/(_imagingft|_webp|_imagingcms|_imagingtk|_imagingmath)\.
  | ^PIL/(?!Bmp|Gif|Jpeg|Png|Ppm|Tiff)\w+ImagePlugin\.py
  | ^jedi/third_party/(django-stubs|typeshed/third_party)/
  | ^pygments/lexers/(?!__init__|_mapping|python|special|shell|html|javascript|markup|css|jvm|data|ruby|perl)
  | ^IPython/sphinxext/
    """,
    re.X,
)
# of the standard library: what needs a system or a screen, a twin in C, encodings that no source here has
UNUSED = re.compile(
    r"""
    ^(pydoc_data|ensurepip|idlelib|lib2to3|turtledemo|xmlrpc|wsgiref|dbm|curses|tkinter|venv|distutils)/
  | ^(turtle|_pydecimal|_pyio)\.py
  | ^encodings/(?!__init__|aliases|ascii|charmap|cp437|cp1252|idna|latin_1|punycode|raw_|unicode_esc|utf_)
    """,
    re.X,
)


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


def main(folder: Path) -> None:
    """Make the lessons as notebooks in the browser, in a new folder."""
    tools()
    with tempfile.TemporaryDirectory() as work:
        sent = write(folder, Path(work))
    (folder / "sent.txt").write_text(f"{sent}\n", encoding="utf-8")


def write(folder: Path, work: Path) -> int:
    """Write the contents, Pyodide and its list of packages, and have JupyterLite build its pages.

    Returns how many bytes a visitor fetches until the course is imported.
    """
    contents, static = work / "contents", work / "dir" / "static" / "pyodide"
    contents.mkdir(parents=True)
    static.mkdir(parents=True)
    for lesson in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")):
        notebook = for_the_browser(parse(lesson.read_text(encoding="utf-8")))
        (contents / lesson.name).write_text(serialise(notebook), encoding="utf-8")
    sent = fill(static, ROOT / "build" / "pyodide")
    settings = json.loads((HERE / "jupyter-lite.json").read_text(encoding="utf-8"))
    kernel = settings["jupyter-config-data"]["litePluginSettings"][f"{EXTENSION}:kernel"]
    kernel["loadPyodideOptions"] = {"packages": [*START, *KERNEL, *EMPTY]}
    (work / "dir" / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
    options = ["--apps", "notebooks", "--apps", "tree", "--no-libarchive", "--no-sourcemaps"]
    command = ["--lite-dir", work / "dir", "--contents", contents, "--output-dir", folder, *options]
    # of the environment's extensions only those that the lessons need, whatever else is installed there
    here, lite = (Path(base) / "share" / "jupyter" / "labextensions" for base in (sys.prefix, TOOLS))
    extensions = [*map(str, map(here.joinpath, EXTENSIONS)), str(lite / EXTENSION)]
    config = {"federated_extensions": extensions, "ignore_sys_prefix": ["federated_extensions"]}
    (work / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}), encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", *map(str, command)],
        cwd=work, env={**os.environ, "PYTHONPATH": str(TOOLS)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if built.returncode:
        raise SystemExit(f"JupyterLite could not be built:\n{built.stdout[-3000:]}{built.stderr[-3000:]}")
    return sent


def fill(static: Path, downloads: Path) -> int:
    """Take of Pyodide what the lessons need, pack the rest, and name all in its list of packages.

    Returns how many bytes travel until the course is imported.
    """
    version, pins = live.pins()
    pyodide = Path(os.environ.get("LESSONS_PYODIDE") or downloads)
    for name in (*CORE, "pyodide-lock.json"):
        live.fetch_one(pyodide, name, pins[name], version)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    theirs = {normal(name): entry for name, entry in lock["packages"].items()}
    archives, entries = {"python_stdlib.zip": files_in(pyodide / "python_stdlib.zip", UNUSED)}, {}
    for name, entry in needed(theirs).items():
        live.fetch_one(pyodide, entry["file_name"], entry["sha256"], version)
        archives[entry["file_name"]] = files_in(pyodide / entry["file_name"], UNNEEDED)
        entries[name] = {
            **entry,
            "depends": [one for one in entry["depends"] if normal(one) not in NOT_MISSED],
        }
    for name, needs in KERNEL.items():
        (wheel,) = (TOOLS / PYPI).glob(f"{name.replace('-', '_')}-*.whl")
        archives[wheel.name] = files_in(wheel, UNNEEDED)
        entries[name] = entry_of(wheel.name, needs)
    for name, needs in PACKED.items():
        wheel, archives[wheel] = installed(name)
        entries[name] = entry_of(wheel, needs)
    for name in EMPTY:
        wheel, archives[wheel] = wheel_of(name, "0", {})
        entries[name] = {**entry_of(wheel, []), "imports": []}
    wheel, archives[wheel] = wheel_of("why_cross_entropy", metadata.version("why-cross-entropy"), course())
    entries["why-cross-entropy"] = {**entry_of(wheel, COURSE), "imports": ["helpers"]}
    travel = needed(entries, [*START, *KERNEL, *EMPTY])
    first = ["python_stdlib.zip", *(entry["file_name"] for entry in travel.values())]
    for name, files in compiled({name: archives.pop(name) for name in first}, pyodide).items():
        write_archive(static / name, files)
    for name, files in archives.items():  # whatever few cells import
        write_archive(static / name, recorded(name, files))
    for name in CORE[:3]:
        shutil.copyfile(pyodide / name, static / name)
    for entry in entries.values():
        entry["sha256"] = hashlib.sha256((static / entry["file_name"]).read_bytes()).hexdigest()
    lock["packages"] = entries
    (static / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    size = sum(live.squeezed(static / name) for name in CORE[:3])
    return APP + size + sum((static / name).stat().st_size for name in first)


def normal(name: str) -> str:
    """Return the name of a package as it is compared: `prompt_toolkit` is `prompt-toolkit`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(packages: dict[str, dict], wanted: Iterable[str] = TAKEN) -> dict[str, dict]:
    """Return of a list of packages those that are wanted, and all that they depend on."""
    found, todo = {}, [*wanted]
    while todo:
        name = normal(todo.pop())
        if name not in found and name in packages:
            found[name] = packages[name]
            todo += [one for one in packages[name]["depends"] if normal(one) not in NOT_MISSED]
    return found


def entry_of(wheel: str, needs: list[str]) -> dict:
    """Return what Pyodide's list says of a wheel of ours; an import of its name fetches it."""
    name, version = wheel.split("-")[:2]
    return {
        "name": normal(name), "version": version, "file_name": wheel, "install_dir": "site", "sha256": "",
        "package_type": "package", "imports": [name], "depends": needs, "unvendored_tests": False,
        "shared_library": False,
    }  # fmt: skip


def files_in(archive: Path, unneeded: re.Pattern) -> dict[str, bytes]:
    """Return the files of an archive that are needed."""
    with zipfile.ZipFile(archive) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/") and not unneeded.search(name)]
        files = {name: opened.read(name) for name in names}
    if "matplotlib/fontlist.json" in files:
        fonts = json.loads(files["matplotlib/fontlist.json"])
        for kind in ("afmlist", "ttflist"):
            fonts[kind] = [font for font in fonts[kind] if f"matplotlib/mpl-data/{font['fname']}" in files]
        files["matplotlib/fontlist.json"] = json.dumps(fonts).encode()
    return files


def installed(name: str) -> tuple[str, dict[str, bytes]]:
    """Return name and files of the wheel of a package of the environment, as it lies there."""
    found = metadata.distribution(name)
    root = Path(found.locate_file("")).resolve()
    files = {}
    for record in found.files:
        file = Path(record.locate()).resolve()
        path = file.relative_to(root).as_posix() if file.is_relative_to(root) else ""
        if (
            path
            and file.exists()
            and file.suffix not in (".pyc", ".so", ".pyd")
            and not UNNEEDED.search(path)
        ):
            files[path] = file.read_bytes()
    return f"{name.replace('-', '_')}-{found.version}-py3-none-any.whl", files


def course() -> dict[str, bytes]:
    """Return the files of `helpers`."""
    kinds = (".py", ".js", ".css", ".npz")
    files = [file for file in sorted((ROOT / "helpers").rglob("*")) if file.suffix in kinds]
    return {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}


def wheel_of(name: str, version: str, files: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Return name and files of a pure wheel of our own."""
    about = f"{name}-{version}.dist-info"
    says = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    tags = "Wheel-Version: 1.0\nGenerator: why-cross-entropy\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    more = {f"{about}/METADATA": says.encode(), f"{about}/WHEEL": tags.encode()}
    return f"{name}-{version}-py3-none-any.whl", files | more


def compiled(archives: dict[str, dict[str, bytes]], pyodide: Path) -> dict[str, dict[str, bytes]]:
    """Return the files of archives with their Python compiled; none is compiled twice."""
    kept = ROOT / "build" / "lite-wheels"
    kept.mkdir(parents=True, exist_ok=True)
    made = {name: kept / f"{state(files)}-{name}" for name, files in archives.items()}
    missing = [name for name, file in made.items() if not file.exists()]
    if missing:
        with tempfile.TemporaryDirectory(dir=kept) as work:
            before, after = Path(work, "before"), Path(work, "after")
            before.mkdir(), after.mkdir()
            for name in missing:
                write_archive(before / name, archives[name])
            command = [live.node(), HERE / "compile.mjs", pyodide, before, after]
            done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
            if done.returncode:
                raise live.Missing(f"compiling failed: {done.stderr.strip()[-2000:]}")
            for name in missing:
                (after / name).replace(made[name])
    return {name: recorded(name, files_in(file, re.compile("(?!)"))) for name, file in made.items()}


def state(files: dict[str, bytes]) -> str:
    """Return a hash of files and of what compiles them."""
    one = hashlib.sha256((HERE / "compile.mjs").read_bytes() + (live.HERE / "SHA256SUMS").read_bytes())
    for path in sorted(files):
        one.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return one.hexdigest()[:16]


def recorded(name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a wheel with the list of them that it carries."""
    about = next((path for path in files if path.endswith(".dist-info/METADATA")), "").rpartition("/")[0]
    if not about:  # no wheel
        return files
    record = [f"{path},sha256={digest(text)},{len(text)}" for path, text in files.items()]
    return files | {f"{about}/RECORD": "\n".join([*record, f"{about}/RECORD,,\n"]).encode()}


def write_archive(file: Path, files: dict[str, bytes]) -> None:
    """Write a zip archive; the same files give the same bytes."""
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(files):
            about = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
            archive.writestr(about, files[path], zipfile.ZIP_DEFLATED, 9)


def digest(text: bytes) -> str:
    """Return the sha256 of a file as a wheel's record writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except live.Missing as missing:
        print(f"The lessons are not there as notebooks in the browser: {missing}.", flush=True)
