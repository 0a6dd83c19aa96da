"""Speed of the mathematics against SciPy and PyTorch, and what importing it costs.

Both sides of a comparison run in turns in the same process, on one thread, and the ratio of their medians is
compared with what the project set out to reach. Ratios move by a tenth on a busy machine.
"""

import statistics
import subprocess
import sys
import time

import numpy as np
import scipy.special
import torch

from helpers.losses import cross_entropy_value_and_grad
from helpers.optim import sgd_momentum_step
from helpers.softmax import log_softmax

MODULES = "softmax, probability, losses, gradients, optim, models"


def ratio(ours, theirs, rounds):
    """Median time of ours divided by that of theirs, measured in turns; and the latter in milliseconds."""
    times = ([], [])
    for _ in range(rounds + 2):
        for function, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            function()
            taken.append(time.perf_counter() - start)
    ours, theirs = (statistics.median(taken[2:]) for taken in times)  # the first two rounds warm up
    return ours / theirs, theirs * 1e3


def report(what, value, limit, unit="", note=""):
    verdict = "reached" if value <= limit else "MISSED"
    print(f"{what:<62} {value:7.2f}{unit:<3} to reach {limit:.2f}  {verdict}  {note}", flush=True)


def log_softmax_against_scipy(rng):
    for dtype in (np.float64, np.float32):
        for shape in ((1000, 2), (1000, 10), (100_000, 10), (1000, 1000), (1000, 10_000)):
            f = rng.normal(size=shape).astype(dtype)
            rounds = int(np.clip(1e7 / f.size, 11, 301))
            value, ms = ratio(
                lambda f=f: log_softmax(f), lambda f=f: scipy.special.log_softmax(f, axis=-1), rounds
            )
            name = f"log-softmax {shape[0]:,} × {shape[1]:,} {np.dtype(dtype).name} / SciPy"
            report(name, value, 1.0, note=f"SciPy {ms:.3f} ms")


def loss_and_gradient_against_torch(rng):
    for classes in (10, 100, 1000, 10_000, 50_257):
        f = rng.normal(size=(64, classes)).astype(np.float32)
        labels = rng.integers(classes, size=64)
        t, t_labels = torch.tensor(f, requires_grad=True), torch.tensor(labels)

        def in_torch(t=t, labels=t_labels):
            t.grad = None
            torch.nn.functional.cross_entropy(t, labels).backward()

        rounds = int(np.clip(2e7 / f.size, 31, 1001))
        value, ms = ratio(lambda f=f, y=labels: cross_entropy_value_and_grad(f, y), in_torch, rounds)
        report(
            f"loss and gradient 64 × {classes:,} float32 / PyTorch", value, 0.9, note=f"PyTorch {ms:.3f} ms"
        )


def momentum_step_against_torch(rng, n=10_000_000):
    for weight_decay in (1e-4, 0.0):
        theta, grad = (rng.normal(size=n).astype(np.float32) for _ in range(2))
        velocity = np.zeros_like(theta)
        t = torch.tensor(theta, requires_grad=True)
        t.grad = torch.tensor(grad)
        optimizer = torch.optim.SGD([t], lr=1e-3, momentum=0.9, weight_decay=weight_decay)

        def ours(theta=theta, velocity=velocity, grad=grad, weight_decay=weight_decay):
            sgd_momentum_step(theta, velocity, grad, 1e-3, 0.9, weight_decay)

        value, ms = ratio(ours, optimizer.step, 21)
        name = f"momentum step 10 million float32, λ = {weight_decay:g} / torch SGD"
        report(name, value, 0.75, note=f"torch {ms:.1f} ms")


def in_fresh_python(statement):
    """Seconds that the statement takes after NumPy has been imported, and the peak memory in MB (Linux)."""
    code = f"""
import sys, time, numpy
start = time.perf_counter()
{statement}
taken = time.perf_counter() - start
try:  # not getrusage: its peak is that of the process which started this one
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1e3
except OSError:
    peak = float("nan")
print(taken, peak, *sorted({{"matplotlib", "torch", "ipywidgets", "fastai", "scipy"}} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(7)
    ]
    if runs[0][2:]:
        raise SystemExit(f"'{statement}' imports {', '.join(runs[0][2:])}, which the mathematics never does.")
    return (statistics.median(float(run[i]) for run in runs) for i in (0, 1))


def what_importing_costs():
    for name, statement in (
        ("helpers", "import helpers"),
        ("all six modules", f"from helpers import {MODULES}"),
    ):
        seconds, megabytes = in_fresh_python(statement)
        report(f"import of {name}, beyond NumPy", seconds, 0.2, " s")
        report(f"peak memory with {name} and NumPy", megabytes, 60, " MB")


def main():
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    log_softmax_against_scipy(rng)
    loss_and_gradient_against_torch(rng)
    momentum_step_against_torch(rng)
    what_importing_costs()


if __name__ == "__main__":
    main()
