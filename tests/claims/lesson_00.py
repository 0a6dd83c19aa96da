"""What must fail in lesson 00: see `tests/claims/__init__.py`."""

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
OLD = {"importlib.metadata.version": lambda name: "0.1"}

SABOTAGES = [
    Sabotage("557c9a70", "packages of another version", patch=OLD, claim="Everything is as it should be"),
]
