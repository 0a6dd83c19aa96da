"""What must fail in lesson 04: see `tests/claims/__init__.py`."""

from tests.claims import Sabotage

PENDING = True  # verdict cells without a sabotage are no fault yet; take this line out when all have one
NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
SABOTAGES: list[Sabotage] = []
