"""Numbers as the lessons write them: short, and the same on every machine."""

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(x: float, digits: int = 3) -> str:
    """Write `x` with `digits` significant digits, a true minus, and powers of ten from 10⁵ and below 10⁻³."""
    if not math.isfinite(x):
        return {math.inf: "∞", -math.inf: "−∞"}.get(x, "NaN")
    if x == 0:
        return "0"
    mantissa, _, exponent = f"{x:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -3 <= power < 5:
        return f"{float(f'{mantissa}e{power}'):.{max(digits - 1 - power, 0)}f}".replace("-", "−")
    return f"{mantissa}·10{raised(power)}".replace("-", "−")


def tiny(x: float) -> str:
    """Write a positive `x` for a narrow column: two digits, or one digit and the power of ten."""
    return short(x, 2 if 1e-3 <= x < 1e4 else 1)


def listed(values, digits: int = 3) -> str:
    """Write several numbers with commas."""
    return ", ".join(short(float(x), digits) for x in values)


def raised(power: int) -> str:
    """Write an exponent: 3 as ³, −12 as ⁻¹²."""
    return str(power).translate(_RAISED)


def power_of_e(exponent: float, digits: int = 3) -> str:
    """Write e^exponent like `short`, also where it is too small or too large for a float."""
    log10 = exponent / math.log(10)
    if not -300 < log10 < 300:  # NaN, too
        if not math.isfinite(exponent):
            return short(math.exp(exponent))
        power = math.floor(log10)
        mantissa = round(10 ** (log10 - power), digits - 1)
        mantissa, power = (1, power + 1) if mantissa == 10 else (mantissa, power)
        return f"{mantissa:.{digits - 1}f}·10{raised(power)}"
    return short(math.exp(exponent), digits)
