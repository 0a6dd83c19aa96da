"""Execute the lessons and run the tests that compare numbers as if on other processors.

  python3 run.py processors                   every simulated processor: lessons, then tests
  python3 run.py processors Nehalem           only the oldest
  python3 run.py processors --lessons         only the lessons: every byte as it is saved

Processors differ in how they round and in which order they sum, and so does what NumPy, OpenBLAS, PyTorch,
MKL and the C library choose to run on them. Each has a variable of its own for that; a name that it does
not know it ignores without a word, so every setting is looked for in what the libraries say of themselves.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What each part is told, by the processor's name in OpenBLAS; the oldest first.
NO_FMA = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4"}
NO_V3 = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR", "ATEN_CPU_CAPABILITY": "default"}
NO_V4 = {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR", "ATEN_CPU_CAPABILITY": "avx2"}
PROCESSORS = {
    "Nehalem": {**NO_V3, **NO_FMA, "MKL_CBWR": "COMPATIBLE"},
    "Sandybridge": {**NO_V3, **NO_FMA, "MKL_CBWR": "AVX"},
    "Haswell": {**NO_V4, "MKL_CBWR": "AVX2"},
}

# Printed by a Python with these settings: what the libraries say, and bits that depend on the last two parts.
ASK = """
import hashlib, json, math, random
import numpy, scipy.linalg, threadpoolctl, torch
from numpy._core._multiarray_umath import __cpu_features__
rng, torch_rng = random.Random(0), torch.Generator().manual_seed(0)
torch.set_num_threads(1)
a, b = (torch.randn(*shape, generator=torch_rng, dtype=torch.float64) for shape in ((97, 301), (301, 53)))
libm = repr([math.exp(rng.uniform(-30, 30)) for _ in range(20000)]).encode()
print(json.dumps({
    "NumPy": [name for name, there in __cpu_features__.items() if there],
    "OpenBLAS": sorted({i["architecture"] for i in threadpoolctl.threadpool_info() if "architecture" in i}),
    "PyTorch": torch.backends.cpu.get_cpu_capability(),
    "exp": hashlib.md5(libm).hexdigest(),
    "MKL": hashlib.md5((a @ b).numpy().tobytes()).hexdigest(),
}))
"""


def environment(processor: str) -> dict[str, str]:
    """Return the variables that simulate a processor."""
    return {"OPENBLAS_CORETYPE": processor, **PROCESSORS[processor]}


def ask(settings: dict[str, str]) -> dict:
    """Return what the libraries say of themselves in a Python that is started with `settings`."""
    return json.loads(subprocess.check_output([sys.executable, "-c", ASK], env=os.environ | settings))


def not_in_force(processor: str, native: dict, found: dict) -> list[str]:
    """Say which settings of a simulated processor have no effect in what was `found` with them.

    MKL and the C library do not say what they use; their results must then differ from those without.
    """
    settings = PROCESSORS[processor]
    disabled = set(settings["NPY_DISABLE_CPU_FEATURES"].split())
    capability = {"default": "DEFAULT", "avx2": "AVX2"}[settings["ATEN_CPU_CAPABILITY"]]
    wrong = []
    if disabled & set(found["NumPy"]):
        wrong.append(f"NumPy uses {', '.join(sorted(disabled & set(found['NumPy'])))}")
    if found["OpenBLAS"] != [processor]:
        wrong.append(f"OpenBLAS runs as on {', '.join(found['OpenBLAS'])}")
    if found["PyTorch"] != capability:
        wrong.append(f"PyTorch has the capability {found['PyTorch']}")
    modern = "X86_V3" in native["NumPy"]
    if modern and "GLIBC_TUNABLES" in settings and platform.libc_ver()[0] == "glibc":
        wrong += ["exp of the C library rounds as without"] if found["exp"] == native["exp"] else []
    if modern and settings["MKL_CBWR"] == "COMPATIBLE":
        wrong += ["MKL multiplies as without"] if found["MKL"] == native["MKL"] else []
    return wrong


def number_tests() -> list[str]:
    """Return the test files that compare numbers: those that know NumPy, and need no browser."""
    files = sorted((ROOT / "tests").glob("test_*.py"))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    return [
        str(path.relative_to(ROOT))
        for path, text in texts.items()
        if re.search(r"^import numpy|^from helpers", text, flags=re.M) and "tests.lab" not in text
    ]


def main(arguments: list[str]) -> int:
    """Do what the command line says; return 1 if something differs or a setting is not in force."""
    parser = argparse.ArgumentParser("run.py processors", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lessons", action="store_true", help="only the lessons, no tests")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(PROCESSORS)}; default: all")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in PROCESSORS]
    if unknown:
        parser.error(f"there is no processor {unknown[0]!r}; there are: {', '.join(PROCESSORS)}.")
    if platform.machine() not in ("x86_64", "AMD64"):
        parser.error(f"other processors can be simulated on x86-64, and this is {platform.machine()}.")
    native, well = ask({}), True
    for name in options.names or PROCESSORS:
        if PROCESSORS[name]["ATEN_CPU_CAPABILITY"] == "avx2" and "X86_V3" not in native["NumPy"]:
            print(f"== {name}: left out, this processor is older", flush=True)
            continue
        settings = environment(name)
        wrong = not_in_force(name, native, ask(settings))
        print(f"== {name}: {'; '.join(wrong) or 'in force'}", flush=True)
        well = well and not wrong
        commands = [["-m", "tools.notebooks", "--check"]]
        if not options.lessons:
            pytest = ["-m", "pytest", "-q", "-p", "no:nbval", "-o", "addopts=", "-n2"]
            commands.append([*pytest, *number_tests()])
        for command in commands:
            status = subprocess.call([sys.executable, *command], cwd=ROOT, env=os.environ | settings)
            well = well and not status
    print("All is the same." if well else "Not all is the same; see above.", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
