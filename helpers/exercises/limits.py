"""What is wrong where numbers are extreme, told by what came and what should have come."""

import numpy as np

from helpers.exercises.plain import Plain


def at_the_limit(got: Plain, right: Plain) -> tuple[str | None, str]:
    """Return the name of the mistake and a sentence, (None, "") if these values do not tell."""
    arrays = isinstance(got, np.ndarray) and isinstance(right, np.ndarray) and got.shape == right.shape
    if not arrays or got.dtype == complex or right.dtype == complex:
        return None, ""
    if np.isnan(got).any() and not np.isnan(right).any():
        return "not a number", ""
    infinite = np.isinf(right)
    if not infinite.any() and np.allclose(got, -right, atol=0):  # another mistake, which shows there only
        return None, ""
    if (np.isfinite(got) & infinite).any():
        return "infinity hidden", (
            "Infinite is the right answer there: nothing may hide it, no number added, no limit (`clip`, "
            "`maximum`, `nan_to_num`), nothing left out.")
    if (np.isinf(got) & infinite & (got != right)).any():
        return "infinite with the wrong sign", "Infinite is right there, but with the other sign."
    if (~infinite & (np.isinf(got) | (np.abs(got) > 1e300))).any():
        return "infinite on the way", (
            "Something is infinite on the way that is finite in the end: the exponential of a large number, "
            "the logarithm or the inverse of 0 (of something that was rounded to 0), or a zero that costs "
            "nothing and was counted.")
    differ = ~np.isclose(got, right, rtol=1e-9, atol=0) & ~infinite
    near = np.abs(got - right) <= 1e-3 * (1 + np.abs(right))
    ordinary = differ & ~near & (np.abs(right) < 100)
    if ordinary.any():  # nothing of the kind can be seen in the numbers
        return None, ("What is special there: a zero, a tie, a very large or small number, or the sizes? "
                      "Follow your function through this case.")
    return "limited or rounded", (
        "There a number is limited (`clip`, a small number added, an infinity replaced), left out, or lost "
        "by rounding: in a difference of large numbers, or where something too small became 0.")
