"""One loss computed in four ways and four number formats: where exp overflows, and where the digits go.

Every operation is rounded to the chosen format from a result with fifty digits (`decimal`, in C), so that the
explorer says the same on every computer.
"""

import math
from decimal import Context, Decimal
from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, SKY, VERMILLION
from helpers.figures.text import raised, short
from helpers.precision import FORMATS, Format

EXACT = Context(prec=50)
SMALL = Decimal("1e-17")  # below it three terms of the series of ln(1 + x) have fifty digits
FORMS = {  # name -> the formula, as the table shows it
    "naive": "−ln( exp fℓ / Σ exp fⱼ )",
    "shifted, then log": "−ln( exp zℓ / Σ exp zⱼ ),  z = f − max f",
    "log-softmax": "ln Σ exp zⱼ − zℓ",
    "log1p": "log1p( Σ exp zⱼ without the largest ) − zℓ",
}
GOOD = 4.0  # ulps; up to here nothing is called lost
SPAN = 16000.0  # half the length of the number line
NONE, ALL = "none", "all"


def exp(x: float) -> float:
    """Return eˣ rounded to float64; ∞ beyond its largest number."""
    return math.exp(x) if not math.isfinite(x) else float(EXACT.exp(Decimal(x)))


def log(x: float) -> float:
    """Return ln x rounded to float64; −∞ of 0."""
    return float(EXACT.ln(Decimal(x))) if 0 < x < math.inf else -math.inf if x == 0 else x


def exact_log1p(x: Decimal) -> Decimal:
    """Return ln(1 + x) with fifty digits for x ≥ 0."""
    if x < SMALL:
        terms = [x, -EXACT.divide(EXACT.multiply(x, x), 2), EXACT.divide(EXACT.power(x, 3), 3)]
        return EXACT.add(EXACT.add(terms[0], terms[1]), terms[2])
    return Context(prec=70).ln(Context(prec=70).add(1, x))


def exact_loss(f: list[float], label: int = 0) -> Decimal:
    """Return −ln softmax(f)_ℓ = ln(1 + Σ_{j≠ℓ} e^(f_j − f_ℓ)) with fifty digits."""
    gaps = [EXACT.subtract(Decimal(x), Decimal(f[label])) for j, x in enumerate(f) if j != label]
    return exact_log1p(EXACT.add(*(EXACT.exp(gap) for gap in gaps)))


def losses(f: list[float], form: Format) -> dict[str, float]:
    """Return the loss of label 0 by every formula, each operation rounded to `form`; f: three numbers."""
    fl = form.rounded

    def exps(x):
        return [fl(exp(a)) for a in x]

    def sums(e):
        return fl(fl(e[0] + e[1]) + e[2])

    def minus_log_of_ratio(e):
        total = sums(e)
        g = math.nan if total == 0 or math.inf == e[0] == total else fl(e[0] / total)
        return fl(-log(g))

    c = max(f)
    z = [fl(x - c) for x in f]
    e = exps(z)
    others = list(e)
    others[f.index(c)] = 0.0
    values = (
        minus_log_of_ratio(exps(f)),
        minus_log_of_ratio(e),
        fl(fl(log(sums(e))) - z[0]),
        fl(fl(float(exact_log1p(Decimal(sums(others))))) - z[0]),
    )
    return {name: value + 0.0 for name, value in zip(FORMS, values, strict=True)}  # −0.0 becomes 0.0


def judged(got: float, exact: Decimal, form: Format) -> SimpleNamespace:
    """Return the error in ulps of `form`, and how many decimal digits of `got` are right."""
    if not math.isfinite(got):
        return SimpleNamespace(value=got, ulps=math.inf, digits=0.0, whole=NONE)
    error = abs(Decimal(got) - exact)
    off = float(error / Decimal(form.ulp(float(exact))))
    if off <= GOOD:
        return SimpleNamespace(value=got, ulps=off, digits=form.digits, whole=ALL)
    left = min(max(math.floor(-(error / exact).log10()), 0), math.floor(form.digits))
    return SimpleNamespace(value=got, ulps=off, digits=float(left), whole=str(left) if left else NONE)


def written(x: Decimal) -> str:
    """Write a positive number with three digits, whatever its power of ten."""
    if Decimal("1e-300") < x < Decimal("1e300"):
        return short(float(x))
    mantissa, _, power = f"{x:.2e}".partition("e")
    return f"{mantissa}·10{raised(int(power))}"


def plain(values: list[float]) -> str:
    """Write logits with the digits they have."""
    return ", ".join(f"{x:g}" for x in values).replace("-", "−")


def in_ulps(off: float) -> str:
    """Write an error in ulps."""
    if math.isinf(off):
        return "—"
    return f"≤ {GOOD:.0f}" if off <= GOOD else short(off, 2 if off < 1000 else 1)


class Stability(Explorer):
    """Explore −ln softmax(f)₀ for the logits f = c + s (d, 0, −1), computed in four ways.

    Controls: `gap` d (−12 to 40), by how much the right class leads before scaling; the `scale` s of the
    logits (1 to 64); the common `offset` c (−1000 to 1000); the `precision` ("float16", "bfloat16",
    "float32" or "float64") to which the logits and the result of every operation are rounded.
    """

    controls = {
        "gap": Slider("gap d", 2.0, -12.0, 40.0, 0.5),
        "scale": Slider("scale s", 1.0, 1.0, 64.0, 1.0, form=".0f", base=2),
        "offset": Slider("offset c", 0, -1000, 1000, 1),
        "precision": Choice("number format", "float32", list(FORMATS)),
    }
    presets = {
        "Overflow": {"offset": 100},
        "All underflow": {"offset": -1000, "precision": "float64"},
        "Log of zero": {"gap": -12.0, "scale": 64.0, "precision": "float64"},
        "Right and sure": {"gap": 20.0},
        "Right and sure, float64": {"gap": 40.0, "precision": "float64"},
        "Half precision": {"gap": 8.0, "precision": "float16"},
        "bfloat16": {"gap": 6.0, "precision": "bfloat16"},
        "Offset eats digits": {"gap": 2.5, "offset": 1000, "precision": "bfloat16"},
    }
    size = (11, 6.4)
    alt = (
        "Top: a number line of arguments of exp. The logits, and the logits minus the largest, stand on it "
        "as points; below, for each number format, the range in which exp neither overflows nor underflows. "
        "Bottom: a table of four formulas for the loss, with the value, its error, and the digits left."
    )
    handles = {
        "given-label": lambda view, x, y: {"gap": (x - view.offset) / view.scale},
        "given-rival": lambda view, x, y: {"offset": x},
    }

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the stored logits, their shift, the exact loss, and what becomes of it in each formula."""
        form = FORMATS[c.precision]
        gap, scale = round(2 * c.gap) / 2, 2.0 ** round(math.log2(c.scale))  # sliders of a browser round, too
        wanted = [c.offset + scale * x for x in (gap, 0.0, -1.0)]
        f = [form.rounded(x) for x in wanted]
        exact = exact_loss(f)
        results = {name: judged(value, exact, form) for name, value in losses(f, form).items()}
        return SimpleNamespace(
            gap=gap, scale=scale, offset=c.offset, form=form, wanted=wanted, f=f,
            z=[form.rounded(x - max(f)) for x in f], exact=exact, results=results,
        )  # fmt: skip

    def draw(self, fig):
        """Draw the number line with the ranges of all formats, and the table's frame."""
        grid = fig.add_gridspec(2, 2, height_ratios=[1.25, 1], width_ratios=[2.2, 1])
        places = grid[0, :], grid[1, 0], grid[1, 1]
        line, table, bars = (fig.add_subplot(place) for place in places)
        self._draw_line(line)
        rows = range(len(FORMS))[::-1]
        table.set(xlim=(0, 1), ylim=(-0.5, 4.3), xticks=[], yticks=[])
        table.spines[:].set_visible(False)
        for x, head in ((0, "formula for the loss"), (0.72, "value"), (0.9, "error in ulp")):
            table.text(x, 3.95, head, ha="left" if x == 0 else "center", va="center", color=GREY)
        for y, (name, formula) in zip(rows, FORMS.items(), strict=True):
            table.text(0, y + 0.2, name, va="center", fontweight="bold")
            table.text(0.02, y - 0.22, formula, va="center", fontsize=11)
        bars.set(
            title="decimal digits left", xlim=(0, 19.5), ylim=(-0.5, 4.3), yticks=[], xticks=[0, 4, 8, 12, 16]
        )
        point = dict(ls="", mec=INK)
        cell = dict(ha="center", va="center", fontsize=12)
        return {
            "range": line.axvspan(-1, 1, ymin=0, ymax=1, color=SKY, alpha=0.18, lw=0, zorder=0),
            "row": line.plot(SPAN * np.array([-1, 1, 1, -1, -1]), np.zeros(5), color=INK, lw=1.2, ls=":")[0],
            "given-least": line.plot([0], [5], "o", color=PALE, ms=9, **point)[0],
            "given-rival": line.plot([0], [5], "s", color=ORANGE, ms=14, **point)[0],
            "given-label": line.plot([0], [5], "D", color=BLUE, ms=14, **point)[0],
            "moved-least": line.plot([0], [4], "o", color=PALE, ms=9, **point)[0],
            "moved-rival": line.plot([0], [4], "s", color=ORANGE, ms=10, **point)[0],
            "moved-label": line.plot([0], [4], "D", color=BLUE, ms=10, **point)[0],
            "exact": table.text(0.97, -0.95, "", ha="right", va="center", clip_on=False),
            "value": [table.text(0.72, y, "", **cell) for y in rows],
            "ulps": [table.text(0.9, y, "", **cell) for y in rows],
            "bar": bars.barh(list(rows), [1] * 4, height=0.5, color=BLUE, edgecolor=INK),
            "digits": [bars.text(0, y, "", va="center") for y in rows],
            "most": bars.plot([0, 0], [-0.5, 3.5], color=INK, lw=1, ls="--")[0],
            "most-name": bars.text(0, 3.95, "", ha="center", va="center", color=INK),
        }

    @staticmethod
    def _draw_line(line) -> None:
        line.set_xscale("symlog", linthresh=10)
        title = "what exp is asked for: ◆ class 0 (right), ■ class 1, ● class 2 (drag ◆ or ■ in the top row)"
        line.set(title=title, xlim=(-SPAN, SPAN), ylim=(-1.5, 5.7))
        ticks = [-1000, -100, -10, 0, 10, 100, 1000]
        line.set_xticks(ticks, [str(t).replace("-", "−") for t in ticks])
        line.xaxis.set_minor_locator(line.xaxis.get_major_locator())
        line.tick_params(which="minor", length=0)
        line.set_yticks([5, 4, 3, 2, 1, 0], ["f (naive)", "f − max f", *FORMATS])
        for y, form in zip((3, 2, 1, 0), FORMATS.values(), strict=True):
            zero, normal, infinite = form.exp_edges
            line.plot([zero, normal], [y, y], color=GREY, lw=3, solid_capstyle="butt")
            line.plot([normal, infinite], [y, y], color=GREY, lw=11, solid_capstyle="butt")
            line.plot([-form.lost_beside_one] * 2, [y - 0.32, y + 0.32], color=VERMILLION, lw=3)
            line.text(zero * 1.1, y, f"0 below {short(zero)}", ha="right", va="center", fontsize=11)
            line.text(infinite * 1.1, y, f"∞ above {short(infinite)}", va="center", fontsize=11)
        note = "left of the red mark 1 + exp x is rounded to 1; thin grey bar: exp x has fewer digits"
        line.text(0, -1.0, note, ha="center", va="center", fontsize=11, color=VERMILLION)

    def update(self, live, view):
        """Move points, highlight and bars, and write the table."""
        zero, _, infinite = view.form.exp_edges
        live["range"].set_x(zero)
        live["range"].set_width(infinite - zero)
        row = 3 - list(FORMATS).index(view.form.name)
        live["row"].set_ydata(row + 0.45 * np.array([-1, -1, 1, 1, -1]))
        for name, points in (("given", view.f), ("moved", view.z)):
            for which, x in zip(("label", "rival", "least"), points, strict=True):
                live[f"{name}-{which}"].set_xdata([np.clip(x, -SPAN, SPAN)])
        live["exact"].set_text(f"exact, for the logits as stored: {written(view.exact)}")
        for i, result in enumerate(view.results.values()):
            live["value"][i].set_text(short(result.value))
            live["ulps"][i].set_text(in_ulps(result.ulps))
            live["bar"][i].set_width(result.digits)
            live["digits"][i].set(x=view.form.digits + 0.4, text=result.whole)
        live["most"].set_xdata([view.form.digits] * 2)
        live["most-name"].set(x=view.form.digits, text=f"{view.form.name}: {view.form.digits:.1f}")

    @staticmethod
    def describe(view) -> str:
        """Say the logits, the exact loss, and what each formula makes of it."""
        kept = "" if view.f == view.wanted else f", stored as ({plain(view.f)})"
        said = []
        words = {ALL: "all digits right", NONE: "no digit right", "1": "1 digit right"}
        for name, result in view.results.items():
            right = words.get(result.whole, f"{result.whole} digits right")
            value = "not a number" if math.isnan(result.value) else short(result.value)
            said.append(f"{name} {value} ({right})")
        return (
            f"In {view.form.name} the logits are ({plain(view.wanted)}){kept}; class 0 is right and the "
            f"exact loss is {written(view.exact)}. The formulas give: {'; '.join(said)}."
        )
