#!/usr/bin/env python3
"""The entry point of the course: it makes what is missing, then does what the verb says."""

# Standard library only, and no syntax newer than Python 3.6: whoever starts this with a Python that is
# too old shall read a sentence, not a SyntaxError. What is printed is ASCII, for consoles that know no more.
import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

USAGE = """\
The entry point of the course: it makes what is missing, then does what the verb says.

  python3 run.py lab         open the lessons in JupyterLab
  python3 run.py test        run every check, in one pytest run
  python3 run.py setup       only make the environment ("setup test": with the test tools)
  python3 run.py notebooks   execute the lessons and save them in normal form (--check: only compare)
  python3 run.py processors  the same, and the tests that compare numbers, as if on other processors
  python3 run.py bench       run the benchmarks (or those named)
  python3 run.py site        build the lessons as web pages, to read without running anything
  python3 run.py class       write the course for a class: without solutions, and whole for the teacher
  python3 run.py results     make one table and one page of the progress.jsonl files of a class

What follows the verb is passed on: "run.py lab --port 9999 --no-browser", "run.py test -k softmax".
The environment is the folder .venv beside this file; delete it to start afresh. pip reads its usual
settings (PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, ... and its configuration files)."""

OLDEST, NEWEST = (3, 11), (3, 13)
ROOT = Path(__file__).resolve().parent
REQUIREMENTS = {"lessons": ["requirements.txt"], "tests": ["requirements.txt", "tests/requirements.txt"]}
SPACE_NEEDED = 2.5  # GB: the environment with the CPU build of torch (1.9), and its downloads
NEWS = "@jupyterlab/apputils-extension:announcements"
# imported once after installing: no lesson shall wait while Python compiles and Matplotlib lists the fonts
FIRST_IMPORTS = "jupyterlab.labapp, ipykernel.kernelapp, matplotlib.pyplot, sklearn.datasets, fastai.basics"

# Settings of the user's that would reach into the environment. The first makes every start compile anew; the
# others put other modules before the course's own, take `assert` away, or install to another place.
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONOPTIMIZE")
UNWANTED += ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
LESSON = re.compile(r"\d\d_\w+\.ipynb")  # no copies ("00_start_here-Copy1.ipynb"), no notes

NO_SPACE = re.compile(r"No space left on device|not enough space on the disk|Disk quota exceeded", re.I)
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Connect(ion)?Timeout|ReadTimeout|ProxyError|SSLError"
    r"|ProtocolError|IncompleteRead|Connection(Reset|Aborted|Broken)|Max retries exceeded"
)


class Stop(Exception):  # noqa: N818  (an end, with what the user has to know as one sentence)
    """Ends the run with a sentence instead of a traceback."""


def main(arguments):
    """Do what the verb says; return the exit status."""
    for name in UNWANTED:
        os.environ.pop(name, None)
    os.environ["PIP_USER"] = "0"  # also where a pip.conf says otherwise, as that of some distributions does
    try:
        check_python(sys.version_info)
        if not arguments or arguments[0] in ("-h", "--help", "help"):
            print(USAGE)
            return 0
        verb, *rest = arguments
        if verb not in VERBS:
            raise Stop(f"There is no verb '{verb}'; choose one of: {', '.join(VERBS)}.")
        return VERBS[verb](rest)
    except Stop as stop:
        sentence, status = str(stop), 1
    except OSError as error:
        sentence, status = explain_os_error(error), 1
    except KeyboardInterrupt:
        sentence, status = "Interrupted; the same command again goes on from here.", 130
    print(f"run.py: {sentence}", file=sys.stderr)
    return status


# --- verbs ------------------------------------------------------------------------------------------


def lab(arguments):
    """Open the first lesson in JupyterLab, its saved figures trusted, without the news pop-up."""
    lessons = sorted(path.name for path in (ROOT / "notebooks").glob("*") if LESSON.fullmatch(path.name))
    if not lessons:
        raise Stop("There are no lessons in the folder notebooks; is this clone complete?")
    python = ensure("lessons")
    silence_news()
    sign(python, lessons)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the lessons were executed; arrays so small gain by it
    # default_url and not a file name: a notebook named on the command line then opens instead.
    options = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/notebooks/{lessons[0]}"]
    return hand_over([python, "-m", "jupyterlab", *options, *arguments])


def test(arguments):
    """Run every check in one pytest run, in two processes where all is run (conftest.py divides them)."""
    parallel = [] if arguments else ["--numprocesses=2", "--dist=loadscope"]
    return hand_over([ensure("tests"), "-m", "pytest", *parallel, *arguments])


def setup(arguments):
    """Make the environment and say what to do next."""
    if arguments not in ([], ["test"]):
        raise Stop(f"'setup' takes nothing or the word 'test', and came with: {' '.join(arguments)}.")
    ensure("tests" if arguments else "lessons")
    silence_news()  # on a server others start JupyterLab
    print(f"Ready: python3 run.py {'test' if arguments else 'lab'}")
    return 0


def notebooks(arguments):
    """Execute and normalise the lessons, or compare them with what an execution gives."""
    return hand_over([ensure("tests"), "-m", "tools.notebooks", *arguments])


def processors(arguments):
    """Execute the lessons and run the tests that compare numbers as if on other processors."""
    return hand_over([ensure("tests"), "-m", "tools.processors", *arguments])


def bench(arguments):
    """Run benchmarks/*.py one after the other; names choose among them, options go to each."""
    known = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    names = [a for a in arguments if not a.startswith("-")] or known
    unknown = sorted(set(names) - set(known))
    if unknown or not known:
        raise Stop(f"There is no benchmark {' '.join(unknown[:1])}; there are: {', '.join(known) or 'none'}.")
    python = ensure("tests")
    status = 0
    for name in names:
        print(f"== benchmarks/{name}.py", flush=True)
        options = [a for a in arguments if a.startswith("-")]
        status = subprocess.call([python, "-m", f"benchmarks.{name}", *options], cwd=str(ROOT)) or status
    return status


def site(arguments):
    """Build the read-only HTML edition of the lessons and say where it is."""
    if arguments:
        raise Stop(f"'site' takes nothing more, and came with: {' '.join(arguments)}.")
    found = [path.name for path in (ROOT / "notebooks").glob("[!.]*") if path.is_file()]
    others = sorted(name for name in found if not LESSON.fullmatch(name))
    if others:
        print(f"In the folder notebooks, but no lessons, so left out: {', '.join(others)}", flush=True)
    pages = ROOT / "build" / "site"
    status = build_site(ensure("tests"), pages)
    if status == 0:
        print(f"Ready; open in a browser: {pages / 'index.html'}")
    return status


def class_edition(arguments):
    """Write the edition without solutions, and the teacher's."""
    options = [a if a.startswith("-") else os.path.abspath(a) for a in arguments]
    return hand_over([ensure("lessons"), "-m", "tools.class_edition", *options])


def results(arguments):
    """Make a table and a page of the files of a class; they are named from where the user stands."""
    files = [a if a.startswith("-") else os.path.abspath(a) for a in arguments]
    return hand_over([ensure("lessons"), "-m", "tools.results", *files])


VERBS = {
    "lab": lab,
    "test": test,
    "setup": setup,
    "notebooks": notebooks,
    "processors": processors,
    "bench": bench,
    "site": site,
    "class": class_edition,
    "results": results,
}


# --- the environment --------------------------------------------------------------------------------


def check_python(version):
    """Refuse a Python that the lessons do not support."""
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        oldest, newest, this = (".".join(map(str, v)) for v in (OLDEST, NEWEST, version[:3]))
        raise Stop(
            f"Python {oldest} to {newest} is needed, and this is Python {this} ({sys.executable}); "
            "start it with another one, for example: python3.13 run.py lab"
        )


def ensure(kind):
    """Make the environment hold the pins of `kind` ("lessons" or "tests"); return its Python.

    The stamp is removed first and written last: an environment without a valid one is incomplete.
    """
    env = ROOT / ".venv"
    stamp_file = env / "complete.json"
    python = str(env / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    stamp, found = read_json(stamp_file), probe(python)
    # An environment cannot be moved: its scripts and the link to `helpers` hold absolute paths.
    moved = stamp.get("root", str(ROOT)) != str(ROOT)
    if found and not moved and is_complete(stamp, kind, found):
        return python
    refuse_what_is_not_ours(env)
    if not found and not stamp:
        found = add_pip(python)
    if not found or moved:
        if os.path.lexists(str(env)):
            why = "was moved" if moved else "is broken"
            print(f"The environment .venv {why}: making it anew.", flush=True)
            remove(env)
        found = create(env, python)
    elif stamp:
        print("The requirements or Python have changed: bringing .venv up to date.", flush=True)
        stamp_file.unlink()
    else:
        print("The environment .venv is incomplete: completing it.", flush=True)
    forget_half_installed(Path(found["packages"]))
    install(python, REQUIREMENTS[kind][-1])
    subprocess.call([python, "-c", f"import {FIRST_IMPORTS}"], stderr=subprocess.DEVNULL)
    made = {made: fingerprint(made) for made in ("lessons", kind)}
    write_json(stamp_file, {"root": str(ROOT), "python": found["version"], **made})
    return python


def refuse_what_is_not_ours(env):
    """Stop before anything is deleted or written in an environment, or a folder, that is another user's."""
    own = os.getuid() if hasattr(os, "getuid") else None
    parts = [env, *env.iterdir()] if env.is_dir() and os.access(str(env), os.R_OK) else [env]
    for path in [part for part in parts if os.path.lexists(str(part))]:
        if own is not None and os.lstat(str(path)).st_uid != own:
            raise Stop(
                f"{path} belongs to {owner(path)} and is not as you need it, so it stays as it is: ask for "
                f"'python3 run.py setup' there, or start a copy of your own (git clone {ROOT})."
            )
    if not os.access(str(env if env.is_dir() else ROOT), os.W_OK):
        raise Stop(f"You may not write into {ROOT}: start a copy of your own (git clone {ROOT}).")


def owner(path):
    """Return who owns a file, by name where the system knows one."""
    try:
        return path.owner()
    except (KeyError, NotImplementedError):
        return f"user {os.lstat(str(path)).st_uid}"


def remove(env):
    """Delete an environment; of one that is elsewhere, only the link to it."""
    if env.is_symlink() or not env.is_dir():
        env.unlink()
    else:
        shutil.rmtree(str(env))


def add_pip(python):
    """Give pip to an environment that works without it, as uv makes them; return what `probe` says then."""
    if os.path.exists(python):
        with open(os.devnull, "w") as nowhere, contextlib.suppress(OSError):
            subprocess.call([python, "-I", "-m", "ensurepip"], stdout=nowhere, stderr=nowhere)
    return probe(python)


def is_complete(stamp, kind, found):
    """Tell whether the stamp says that these very requirements were installed for this Python."""
    return stamp.get("python") == found["version"] and stamp.get(kind) == fingerprint(kind)


def fingerprint(kind):
    """Hash everything that decides what is installed; how tests are run and code is linted does not."""
    import tomllib  # new in Python 3.11, which check_python has made sure of

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [(ROOT / name).read_text(encoding="utf-8") for name in REQUIREMENTS[kind]]
    parts += [project["build-system"], project["project"], project["tool"]["setuptools"]]
    copied = project["tool"]["setuptools"].get("data-files", {}).values()  # unlike `helpers`, which is linked
    files = [file for names in copied for name in names for file in sorted(ROOT.glob(name))]
    parts += [file.read_text(encoding="utf-8") for file in files]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def probe(python):
    """Return version and package folder of a Python that starts and has pip, else None."""
    code = (
        "import json, sys, sysconfig, pip; version = sys.version.split()[0];"
        "print(json.dumps({'version': version, 'packages': sysconfig.get_path('purelib')}))"
    )
    try:
        said = subprocess.check_output([python, "-I", "-c", code], stderr=subprocess.DEVNULL)
        return json.loads(said.decode())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def create(env, python):
    """Make an empty environment, if there is room for what follows; return what `probe` says of it."""
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < SPACE_NEEDED:
        raise Stop(
            f"Not enough disk space: the environment needs at least {SPACE_NEEDED:.1f} GB "
            f"and {free:.1f} GB are free in {ROOT}."
        )
    print(f"Making the environment {env} with Python {sys.version.split()[0]} ...", flush=True)
    base = getattr(sys, "_base_executable", None) or sys.executable  # not a .venv that was just removed
    process = subprocess.Popen(
        [base, "-m", "venv", str(env)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = process.communicate()[0].decode("utf-8", "replace")
    if "ensurepip is not available" in said:
        raise Stop("This Python cannot make environments; on Debian and Ubuntu: apt install python3-venv")
    found = None if process.returncode else probe(python)
    if not found:
        raise Stop(explain(said, "Python could not make an environment"))
    # Python's own pip may be years old and half as fast. Where this fails, the installation says why.
    newer = ["-m", "pip", "install", "--quiet", "--upgrade", "--retries=0", "pip"]
    subprocess.call([python, *newer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return found


def forget_half_installed(packages):
    """Remove the records of packages whose installation was interrupted: pip would think them complete.

    pip unpacks a package's metadata somewhere on the way and writes INSTALLER at the end.
    """
    for folder in sorted(packages.glob("*.dist-info")):
        if not (folder / "INSTALLER").exists():
            print(f"{folder.stem} is only half installed: installing it again.", flush=True)
            shutil.rmtree(str(folder))


def install(python, requirements):
    """Install the requirements; the last of them is, editable, the project itself."""
    print(f"Installing {requirements}; the first time this takes minutes.", flush=True)
    # First the setuptools of the requirements, with which the project is built: pip would fetch another one.
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pip_install(python, *re.findall(r"^setuptools==[\w.]+", pins, flags=re.M))
    pip_install(python, "--no-build-isolation", "-r", str(ROOT / requirements))


def pip_install(python, *what):
    """Run pip; its progress goes straight to the screen, its errors become one sentence."""
    # --no-compile: the lessons import 3,000 of 17,000 files, and an import compiles what it needs
    options = ["--disable-pip-version-check", "--no-input", "--no-compile"]
    command = [python, "-m", "pip", "install", *options, *what]
    process = subprocess.Popen(command, cwd=str(ROOT), stderr=subprocess.PIPE)
    said, retrying = [], False
    try:
        for line in process.stderr:
            said.append(line.decode("utf-8", "replace").rstrip())
            if "Retrying (" in said[-1] and not retrying:
                retrying = True
                print("The package index does not answer; pip tries again ...", flush=True)
    finally:
        process.wait()
    if process.returncode:
        raise Stop(explain("\n".join(said), "pip could not install the requirements"))


def explain(said, failure):
    """Say in one sentence what went wrong; the whole message comes first where the cause is unknown."""
    if NO_SPACE.search(said) or shutil.disk_usage(str(ROOT)).free < 5e7:  # venv hides its own reason
        return explain_os_error(OSError(errno.ENOSPC, ""))
    network = NO_NETWORK.search(said)
    if network:
        return (
            f"The package index cannot be reached ({network.group()}): check the network, or pip's proxy and "
            "index settings, and run this again; it goes on from here."
        )
    missing = re.search(r"No matching distribution found for (\S+)", said)
    if missing:
        version = ".".join(map(str, sys.version_info[:2]))
        return f"The package index has no {missing.group(1)} for Python {version} on this system."
    print(said, file=sys.stderr)
    return f"{failure}; its message is above."


def explain_os_error(error):
    """Say in one sentence what the operating system refused."""
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
    if full or getattr(error, "winerror", None) == 112:
        return (
            "The disk (or the temporary folder, or your quota) is full: the environment needs at least "
            f"{SPACE_NEEDED:.1f} GB, several times that with torch's CUDA build; make room and run this "
            "again, it goes on from here."
        )
    return f"{error.filename or 'The operating system refused'}: {error.strerror or error}."


# --- JupyterLab -------------------------------------------------------------------------------------


def silence_news():
    """Switch JupyterLab's question about news off, in this environment only."""
    path = ROOT / ".venv" / "etc" / "jupyter" / "labconfig" / "page_config.json"
    config = read_json(path)
    disabled = config.setdefault("disabledExtensions", {})
    if NEWS not in disabled:
        disabled[NEWS] = True
        with contextlib.suppress(OSError):  # an environment of somebody else: JupyterLab asks, then
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, config)


def sign(python, lessons):
    """Trust the lessons as they are shipped: JupyterLab hides saved SVG figures of unsigned notebooks."""
    command = [python, "-m", "jupyter", "trust", *lessons]
    if subprocess.call(command, cwd=str(ROOT / "notebooks"), stdout=subprocess.DEVNULL):
        print("The lessons could not be signed: their saved figures show once you run them.", flush=True)


# --- the HTML edition -------------------------------------------------------------------------------


def build_site(python, pages):
    """Build the edition anew in the folder `pages`, and what it takes beside it; a warning fails it.

    What lets its figures move is made once in build/live, or left out where Pyodide cannot be had.
    """
    live = ROOT / "build" / "live"
    subprocess.call([python, str(ROOT / "docs" / "live" / "build.py"), str(live)])
    lite = pages.parent / "lite"
    for folder in (pages, lite):
        if folder.exists():
            shutil.rmtree(str(folder))  # or the page of a lesson that has gone would stay
    if (live / "manifest.json").exists():  # the lessons as notebooks in the browser, too
        status = subprocess.call([python, str(ROOT / "docs" / "lite" / "build.py"), str(lite)])
        if status:
            return status
    options = ["-W", "--keep-going", "-E", "-q", "-c", "docs", "-d", str(pages.parent / "doctrees")]
    command = [python, "-m", "sphinx", *options, "notebooks", str(pages)]
    folders = {"LESSONS_LIVE": str(live), "LESSONS_LITE": str(lite)}
    return subprocess.call(command, cwd=str(ROOT), env={**os.environ, **folders})


# --- small things -----------------------------------------------------------------------------------


def hand_over(command):
    """Go on as another program, so that signals and the exit status are its own."""
    os.chdir(str(ROOT))
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)  # Windows cannot: wait, and leave Ctrl-C to the program
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def read_json(path):
    """Return the object in a JSON file, an empty one when there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path, value):
    """Write a JSON file at once, never half of it."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
