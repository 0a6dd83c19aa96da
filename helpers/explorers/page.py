"""Explorers on a web page: what the page asks of Python, and what Python answers, as JSON.

A message is `{"id", "kind", "payload"}`, its answer `{"id", "payload"}` or `{"id", "error": a sentence}`.
`KINDS` has a function for each kind, from payload to payload; another module may add kinds of its own.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from helpers import explorers
from helpers.explorers.controls import Control, Slider, Switch
from helpers.explorers.live_figure import Explorer

SLICE = 0.03  # seconds that pieces of long work may take before the page is heard again

shown: dict[str, Explorer] = {}
_sent: dict[str, dict[str, Any]] = {}


def make(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Make the explorer `name` with `options`, under a `key`; return what it is and what is seen of it.

    `state` are values of controls as text, from the address of a page; where they cannot be had, the explorer
    starts as always, and `refused` says why. `values` are values of controls that it had before.
    """
    key, name = payload["key"], payload["name"]
    if name not in explorers.__all__:
        raise ValueError(f"there is no explorer {name!r}")
    explorer = shown[key] = explorers.core(name)(**payload.get("options", {}))
    _sent[key], refused = {}, ""
    try:
        changes = {n: read(explorer, n, text) for n, text in payload.get("state", {}).items()}
        changes |= payload.get("values", {})
        if changes:
            explorer.set(**changes)
    except Exception as error:
        refused = f"The address asks for a state that cannot be had: {error}. This is the start."
        explorer.reset()
    about = {
        "name": name, "alt": explorer.alt, "handles": list(explorer.handles),
        "buttons": list(explorer.buttons), "main": explorer.main_button,
        "folded": sorted(explorer.folded),
        "controls": [declared(n, explorer.controls[n]) for n in explorer.shown],
        "start": explorer._start, "refused": refused,
    }  # fmt: skip
    return about | frame(key)


def declared(name: str, control: Control) -> dict[str, Any]:
    """Return what a control says of itself."""
    whole = isinstance(control, Slider) and isinstance(control.value, int) and isinstance(control.step, int)
    return {"name": name, "kind": type(control).__name__, "whole": whole, **asdict(control)}


def read(explorer: Explorer, name: str, text: str) -> Any:
    """Return the value of a control that is written as `text` in an address."""
    control = explorer.controls.get(name)
    if isinstance(control, Slider):
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{name} must be a number, got {text!r}") from None
    if isinstance(control, Switch):
        if text not in ("true", "false"):
            raise ValueError(f"{name} must be true or false, got {text!r}")
        return text == "true"
    return text


def do(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Do in turn what the learner did with the explorer `key`; return what is seen then.

    A step is `["move", {name: value}]`, `["drag", handle, x, y]`, `["press", label]`, or from an address
    `["read", {name: text}]`.
    """
    explorer, refused = shown[payload["key"]], ""
    for kind, *what in payload["steps"]:
        try:
            if kind == "move":
                for name, value in what[0].items():
                    explorer.move(name, value)
            elif kind == "drag":
                explorer.drag(*what)
            elif kind == "press":
                explorer.press(what[0])
            else:
                explorer.set(**explorer._start | {n: read(explorer, n, text) for n, text in what[0].items()})
        except Exception as error:  # an explorer says it in its card
            if kind == "read":
                refused = f"The address asks for a state that cannot be had: {error}. This is the start."
                explorer.reset()
    return frame(payload["key"]) | ({"refused": refused} if refused else {})


def forget(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Forget the explorer `key`."""
    shown.pop(payload["key"], None)
    return {}


def go_on(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Go on with what takes long, for a moment; return what is seen, and how long to rest (null: no more)."""
    end, rests, frames = time.monotonic() + SLICE, [], {}
    for key, explorer in shown.items():
        rest: float | None = 0.0
        try:
            while rest == 0 and time.monotonic() < end:
                rest = explorer.go_on()
        except Exception:  # said in its card
            rest = None
        changed = frame(key)
        if changed["card"] or changed["error"]:
            frames[key] = changed
        if rest is not None:
            rests.append(rest)
    return {"frames": frames, "rest": min(rests, default=None)}


def frame(key: str) -> dict[str, Any]:
    """Return what has changed on the card of an explorer since the last time, its error, its values."""
    explorer = shown[key]
    before, now = _sent[key], vars(explorer.figure)
    card = {part: text for part, text in now.items() if text != before.get(part)}
    if "live" in card:
        seen = before.get("live", {})
        card["live"] = {part: svg for part, svg in now["live"].items() if svg != seen.get(part)}
    _sent[key] = dict(now)
    card.pop("error", None)
    return {"card": card, "error": explorer.figure.error, "values": vars(explorer.state())}


def check(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Judge the answer to an exercise; pages without exercises do not pay for what that needs."""
    from helpers.exercises import page

    return page.check(payload)


KINDS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "make": make, "do": do, "forget": forget, "go on": go_on, "check": check,
}  # fmt: skip


def answer(message: str) -> str:
    """Answer one message."""
    asked = json.loads(message)
    try:
        said = {"payload": KINDS[asked["kind"]](asked.get("payload") or {})}
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    return json.dumps({"id": asked.get("id"), **said}, default=float)
