"""A loss and its gradient in four ways and four number formats: where exp overflows, where the digits go.

Every operation is rounded to the chosen format from a result with fifty digits (`decimal`, in C), so that the
explorer says the same on every computer.
"""

import math
from decimal import Context, Decimal
from types import SimpleNamespace

from matplotlib.patches import Rectangle

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREEN, GREY, INK, ORANGE, SKY, VERMILLION
from helpers.figures.text import raised, short
from helpers.precision import FORMATS, Format

EXACT = Context(prec=50)
SMALL = Decimal("1e-17")  # below it three terms of the series of ln(1 + x) have fifty digits
FORMS = {  # name -> the formula for the loss, as the table shows it
    "naive": "−ln( exp fℓ / Σ exp fⱼ )",
    "logarithm last": "−ln( exp zℓ / Σ exp zⱼ )",
    "log-softmax": "ln Σ exp zⱼ − zℓ",
    "log1p": "log1p( Σ others ) − zℓ",
}
ROWS = {"naive": 1, "naive and shifted": 2, "all": 4}  # how many of them are shown
GOOD = 8.0  # ulps; up to here not even one decimal digit is lost
LOWEST, HIGHEST = -120.25, 120.0  # of a logit; at LOWEST it is −∞
NONE, ALL = "none", "all"
MASK = -128.0  # where the number line has −∞
CLASSES = "012"


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


def exact(f: list[float], label: int) -> tuple[Decimal, Decimal] | None:
    """Return −ln g_ℓ = ln(1 + r) and g_ℓ − 1 = −r / (1 + r), r = Σ_{j≠ℓ} e^(f_j − f_ℓ), with fifty digits.

    None if every class is masked: then there is no answer.
    """
    if max(f) == -math.inf:
        return None
    if f[label] == -math.inf:
        return Decimal("Infinity"), Decimal(-1)
    leads = [EXACT.subtract(Decimal(x), Decimal(f[label])) for j, x in enumerate(f) if j != label]
    rest = EXACT.add(*(EXACT.exp(lead) for lead in leads))
    return exact_log1p(rest), EXACT.divide(EXACT.minus(rest), EXACT.add(1, rest))


def computed(f: list[float], label: int, form: Format) -> dict[str, tuple[float, float]]:
    """Return loss and gradient at the label by every formula, each operation rounded to `form`.

    f: three numbers. The first two formulas take the logarithm of a probability g; their gradient is, by the
    chain rule, (−1/g) · g (1 − g).
    """
    fl = form.rounded

    def exps(x):
        return [fl(exp(a)) for a in x]

    def sums(e):
        return fl(fl(e[0] + e[1]) + e[2])

    def share(e, i):
        total = sums(e)
        return math.nan if total == 0 or math.inf == e[i] == total else fl(e[i] / total)

    def through(g):
        slope = math.nan if g == 0 or g != g else fl(fl(-1 / g) * fl(g * fl(1 - g)))
        return fl(-log(g)), slope

    winner = max(range(3), key=f.__getitem__)
    z = [fl(x - f[winner]) for x in f]
    e = exps(z)
    small = sums([0.0 if i == winner else x for i, x in enumerate(e)])
    g = [share(e, i) for i in range(3)]
    one, two = (g[i] for i in range(3) if i != label)
    values = {
        "naive": through(share(exps(f), label)),
        "logarithm last": through(g[label]),
        "log-softmax": (fl(fl(log(sums(e))) - z[label]), fl(g[label] - 1)),
        "log1p": (fl(fl(log1p(small)) - z[label]), fl(-fl(one + two))),
    }
    return {name: (loss + 0.0, slope + 0.0) for name, (loss, slope) in values.items()}  # −0.0 becomes 0.0


def log1p(x: float) -> float:
    """Return ln(1 + x) rounded to float64 for x ≥ 0."""
    return float(exact_log1p(Decimal(x))) if math.isfinite(x) else x


def judged(got: float, right: Decimal | None, form: Format) -> SimpleNamespace:
    """Return the error in ulps of `form`, and how many decimal digits of `got` are right."""
    if right is None or not right.is_finite():
        good = right is not None and got == right
        return SimpleNamespace(value=got, ulps=0.0 if good else math.inf, whole=ALL if good else NONE)
    if not math.isfinite(got):
        return SimpleNamespace(value=got, ulps=math.inf, whole=NONE)
    error = abs(Decimal(got) - right)
    off = float(error / Decimal(form.ulp(float(right))))
    if off <= GOOD:
        return SimpleNamespace(value=got, ulps=off, whole=ALL)
    relative = error / abs(right) if right else Decimal(1)
    left = min(max(math.floor(-relative.log10()), 0), math.floor(form.digits))
    return SimpleNamespace(value=got, ulps=off, whole=str(left) if left else NONE)


def written(x: Decimal | None) -> str:
    """Write a number with three digits, whatever its power of ten."""
    if x is None:
        return "no answer"
    if not x or not x.is_finite() or Decimal("1e-300") < abs(x) < Decimal("1e300"):
        return short(float(x))
    mantissa, _, power = f"{x:.2e}".partition("e")
    return f"{mantissa}·10{raised(int(power))}".replace("-", "−")


def plain(values: list[float]) -> str:
    """Write logits with the digits they have."""
    return ", ".join(f"{x:g}" for x in values).replace("-", "−").replace("inf", "∞")


def in_words(whole: str) -> str:
    """Say how many digits are right."""
    return {ALL: "all digits", NONE: "no digit", "1": "1 digit"}.get(whole, f"{whole} digits")


def moved(view, x: float) -> dict[str, float]:
    """Return the logits when the middle of those that are not masked goes to x: none leaves its range."""
    finite = [v for v in view.wanted if v > -math.inf]
    if not finite:
        return {}
    by = x - (min(finite) + max(finite)) / 2
    by = min(max(by, LOWEST + 0.25 - min(finite)), HIGHEST - max(finite))
    return {f"f{i}": v + by for i, v in enumerate(view.wanted) if v > -math.inf}


class Stability(Explorer):
    """Explore the loss −ln softmax(f)_ℓ and its gradient at the label, computed in four ways.

    Controls: the logits `f0`, `f1`, `f2` (−120 to 120 in steps of ¼; at the lowest, −120.25, the class is
    masked: −∞); the right class `label`; the `precision` ("float16", "bfloat16", "float32" or "float64") to
    which the logits and the result of every operation are rounded; `rows`, which formulas are shown.
    """

    controls = {
        **{
            f"f{i}": Slider(f"logit f{'₀₁₂'[i]}", start, LOWEST, HIGHEST, 0.25)
            for i, start in enumerate([2.0, 0.0, -1.0])
        },
        "precision": Choice("number format", "float32", list(FORMATS)),
        "label": Choice("right class ℓ", "0", list(CLASSES)),
        "rows": Choice("formulas", "all", list(ROWS)),
    }
    presets = {
        "Overflow": {"f0": 100.0, "f1": 101.0, "f2": 99.0},
        "Wrong by 120": {"f0": -60.0, "f1": 60.0, "f2": 0.0},
        "Right by 20": {"f0": 20.0, "f1": 0.0, "f2": -1.0},
        "Class 2 masked": {"f2": LOWEST},
        "Lead of ¼ at 100": {"f0": 100.25, "f1": 100.0, "f2": 99.0, "precision": "bfloat16"},
    }
    size = (9, 3.3)
    alt = (
        "Left: a number line of arguments of exp with three logits, one above the other, and, hollow, the "
        "logits minus the largest; a band where exp neither overflows nor vanishes. Right: a table of "
        "formulas with loss and gradient, and how many of their digits are right."
    )
    handles = {
        **{f"given-{i}": lambda view, x, y, i=i: {f"f{i}": x if x > LOWEST else LOWEST} for i in range(3)},
        "together": lambda view, x, y: moved(view, x),
    }

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the stored logits, their shift, exact loss and gradient, and what becomes of them."""
        form, label = FORMATS[c.precision], int(c.label)
        wanted = [round(4 * x) / 4 for x in (c.f0, c.f1, c.f2)]  # sliders of a browser round, too
        wanted = [x if x > LOWEST else -math.inf for x in wanted]
        f = [form.rounded(x) for x in wanted]
        right = exact(f, label)
        loss, slope = right or (None, None)
        shown = list(computed(f, label, form).items())[: ROWS[c.rows]]
        return SimpleNamespace(
            form=form, label=label, wanted=wanted, f=f, z=[form.rounded(x - max(f)) for x in f],
            loss=loss, slope=slope,
            results={n: (judged(a, loss, form), judged(b, slope, form)) for n, (a, b) in shown},
        )  # fmt: skip

    def draw(self, fig):
        """Draw the number line and the heads of the table; what depends on the controls is live."""
        line, table = fig.subplots(1, 2, width_ratios=[1.15, 1])
        self._line = line
        line.set(
            title="drag a logit; the grey bar takes all along", xlabel="argument of exp: f",
            xlim=(-136, 128), ylim=(-1.9, 2.95), xticks=[MASK, -100, -50, 0, 50, 100],
            xticklabels=["−∞", "−100", "−50", "0", "50", "100"],
            yticks=[2, 1, 0], yticklabels=[f"class {i}" for i in CLASSES],
        )  # fmt: skip
        table.set(xlim=(0, 1), ylim=(-0.5, 5.35), xticks=[], yticks=[])
        table.spines[:].set_visible(False)
        for x, head, ha in ((0, "formula", "left"), (0.59, "loss", "center"), (0.87, "∂L/∂fℓ", "center")):
            table.text(x, 5.1, head, ha=ha, va="center", color=GREY)
        table.text(0, 4.25, "exact, for f as stored", va="center", fontsize=11)
        table.plot([0, 1], [3.75, 3.75], color=GREY, lw=0.8)
        rows = [3.1 - i for i in range(4)]
        name = dict(va="center", fontweight="bold", fontsize=11)
        cell, small = dict(ha="center", va="center", fontsize=11), dict(ha="center", va="center", fontsize=10)
        dot = dict(ls="", mec=INK)
        return {
            "range": line.add_patch(Rectangle((0, -1.9), 1, 4.85, color=SKY, alpha=0.18, lw=0, zorder=0)),
            "lost": line.plot([0, 0], [-1.35, 2.5], color=VERMILLION, lw=1.6, ls="--")[0],
            "below": line.text(0, 2.72, "", va="center", fontsize=11),
            "above": line.text(0, 2.72, "", va="center", fontsize=11),
            "beside": line.text(0, -1.62, "", va="center", fontsize=11, color=VERMILLION),
            "together": line.plot([0, 0], [-0.85, -0.85], color=GREY, lw=11, solid_capstyle="round")[0],
            "way": [line.plot([0, 0], [2 - i] * 2, color=GREY, lw=1)[0] for i in range(3)],
            "shifted": [line.plot([0], [2 - i], "s", mfc="white", ms=8, **dot)[0] for i in range(3)],
            "given": [line.plot([0], [2 - i], "s", ms=13, **dot)[0] for i in range(3)],
            "right": [table.text(x, 4.25, "", **cell) for x in (0.59, 0.87)],
            "name": [table.text(0, y + 0.2, words, **name) for y, words in zip(rows, FORMS, strict=True)],
            "formula": [
                table.text(0, y - 0.2, words, va="center", fontsize=9.5)
                for y, words in zip(rows, FORMS.values(), strict=True)
            ],
            "value": [table.text(x, y + 0.2, "", **cell) for y in rows for x in (0.59, 0.87)],
            "digits": [table.text(x, y - 0.2, "", **small) for y in rows for x in (0.59, 0.87)],
        }

    def update(self, live, view):
        """Move points, band and edges, and write the table."""
        zero, _, infinite = view.form.exp_edges
        left, right = max(zero, -120.0), min(infinite, 120.0)
        live["range"].set(x=left, width=right - left)
        inside = zero < -60
        live["below"].set(
            x=left,
            ha="left" if inside else "right",
            text=f" {'← ' if zero < left else ''}0 below {short(zero)} ",
        )
        live["above"].set(
            x=right,
            ha="right" if inside else "left",
            text=f" ∞ above {short(infinite)}{' →' if infinite > right else ''} ",
        )
        several = self.redraw_key(view)
        self._line.set_xlabel("argument of exp: f, hollow z = f − max f" if several else "argument of exp: f")
        edge = -view.form.lost_beside_one
        live["lost"].set(xdata=[edge, edge], visible=several)
        live["beside"].set(x=edge, text=f"◂ left of {short(edge)}, 1 + exp x is 1", visible=several)
        for i in range(3):
            at, moved_to = (max(x, MASK) if x == x else MASK for x in (view.f[i], view.z[i]))
            mark, color = ("D", BLUE) if i == view.label else ("s", ORANGE)
            live["given"][i].set(xdata=[at], marker=mark, mfc=color)
            live["shifted"][i].set(xdata=[moved_to], marker=mark, visible=several)
            live["way"][i].set(xdata=[at, moved_to], visible=several)
        finite = [x for x in view.f if x > -math.inf] or [MASK]
        live["together"].set_xdata([min(finite), max(finite)])
        for artist, number in zip(live["right"], (view.loss, view.slope), strict=True):
            artist.set_text(written(number))
        for i in range(4):
            shown = i < len(view.results)
            for name in ("name", "formula"):
                live[name][i].set_visible(shown)
            pair = list(view.results.values())[i] if shown else (None, None)
            for k, result in zip((2 * i, 2 * i + 1), pair, strict=True):
                live["value"][k].set_visible(shown)
                live["digits"][k].set_visible(shown)
                if shown:
                    live["value"][k].set_text(short(result.value))
                    good = result.whole == ALL
                    live["digits"][k].set_text(f"{'✓' if good else '✗'} {in_words(result.whole)}")
                    live["digits"][k].set_color(GREEN if good else VERMILLION)

    def redraw_key(self, view):
        """Return whether the shift has been introduced: the axis says what its points are."""
        return len(view.results) > 1

    @staticmethod
    def describe(view) -> str:
        """Say the logits, exact loss and gradient, and what each formula makes of them."""
        kept = ""
        if view.f != view.wanted:
            loss = written(exact(view.wanted, view.label)[0])
            kept = f" (loss {loss}), stored as ({plain(view.f)})"
        start = (
            f"In {view.form.name} the logits are ({plain(view.wanted)}){kept}; class {view.label} is right."
        )
        if view.loss is None:
            return f"{start} Every class is masked: there is no answer."
        good = [name for name, pair in view.results.items() if {r.whole for r in pair} == {ALL}]
        said = [f"with all digits by {', '.join(good)}"] if good else []
        for name, pair in view.results.items():
            if name in good:
                continue
            loss, slope = ("not a number" if math.isnan(r.value) else short(r.value) for r in pair)
            right = list(dict.fromkeys(in_words(r.whole) for r in pair))
            said.append(f"{name} {loss} and {slope} ({', '.join(right)} right)")
        return (
            f"{start} Exact: loss {written(view.loss)}, gradient at the label {written(view.slope)}. "
            f"Computed: {'; '.join(said)}."
        )
