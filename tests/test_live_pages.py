"""The web pages come alive: in Chromium, offline, every explorer of every lesson answers as `compute` says.

The oracle is the explorer itself in this process, as in test_browser.py; here Python runs in the page.
"""

import contextlib
import functools
import json
import threading
from http.server import ThreadingHTTPServer

import pytest

from helpers import explorers
from helpers.explorers import page as python_page
from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from tests.lab import browser_page, browser_test, unfold
from tests.test_browser import LESSONS, SAYS, explorer_calls, next_value
from tests.test_site import Quiet, folder, light, serious_in  # noqa: F401  (a fixture)
from tests.test_wasm import packs  # noqa: F401  (a fixture)

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
START = 120_000  # ms: a busy machine starts Python slowly


@pytest.fixture(scope="module")
def address(packs, folder):  # noqa: F811
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@contextlib.contextmanager
def offline(address, **options):
    """A page that reaches nothing but the site, and collects what it asks for."""
    with browser_page(**options) as page:
        page.asked = []

        def own_only(route):
            page.problems.append(f"asked for {route.request.url}")
            return route.abort()

        page.route(lambda url: not url.startswith((address, "data:", "blob:", "file:")), own_only)
        page.on("request", lambda request: page.asked.append(request.url))
        yield page


@pytest.fixture(scope="module")
def page(address):
    with offline(address, width=1366, height=768) as page:
        yield page


def start(page, still):
    """Let the figures move by the button of this one, or wait until it does so by itself; return its box."""
    still.scroll_into_view_if_needed()
    if page.locator(".wake:enabled").count():
        still.locator(".wake").click()
    box = still.locator(".explorer")
    box.wait_for(timeout=START)
    return box


def says(box, sentence, what=""):
    """Wait until the explorer says `sentence`, and nothing of an error."""
    words = box.locator(".sentence")
    for _ in range(7):
        box.locator(".card figure").evaluate(SAYS, sentence)  # waits up to three seconds
        if words.text_content() == sentence:
            break
    assert words.text_content() == sentence, what
    assert box.locator(".error").first.text_content() == "", what


def move(box, page, twin, name):
    """Move one control by keyboard, on the page and in the twin."""
    control, value = twin.controls[name], getattr(twin.state(), name)
    if isinstance(control, Slider):
        box.get_by_role("slider", name=control.label, exact=True).focus()
        new, key = next_value(control, value)
        page.keyboard.press(key)
    elif isinstance(control, Switch):
        box.get_by_role("checkbox", name=control.label, exact=True).focus()
        page.keyboard.press("Space")
        new = not value
    else:
        options = list(control.options)
        new = options[(options.index(value) + 1) % len(options)]
        box.get_by_label(control.label, exact=True).focus()
        page.keyboard.press("Home" if new == options[0] else "ArrowDown")
    twin.move(name, new)


def centre(box, handle):
    spot = box.locator(f'.live [id="{handle}"]').bounding_box()
    return spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2


def dragged(page, still, twin):
    """Wait until a drag has changed controls; set the twin to them (Matplotlib there lays out otherwise)."""
    before = vars(twin.state())
    for _ in range(100):
        page.wait_for_timeout(200)
        values = still.evaluate("still => window.figures.explorers.get(still).values")
        if values != before:
            break
    page.wait_for_timeout(300)  # the last of its moves
    twin.set(**still.evaluate("still => window.figures.explorers.get(still).values"))
    assert vars(twin.state()) != before, "the drag moved no control"


@browser_test
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_kind_of_explorer_of_a_lesson_answers_on_its_page(page, address, lesson):
    page.problems.clear(), page.asked.clear()
    page.goto(f"{address}{lesson.stem}.html")
    stills, kinds = page.locator("figure[data-explorer]"), set()
    for nth, (_, call, sentence) in enumerate(explorer_calls(lesson)):
        if call.func.id in kinds:
            continue
        kinds.add(call.func.id)
        still = stills.nth(nth)
        options = json.loads(still.get_attribute("data-options"))
        twin = explorers.core(call.func.id)(**options)
        box = start(page, still)
        says(box, sentence, "as it starts")
        unfold(box)
        for name in twin.shown:
            move(box, page, twin, name)
            says(box, twin.figure.sentence, f"{name} moved")
        for label in [*twin.shown_presets(), *twin.shown_actions(), "Reset"]:
            if call.func.id == "TrainingRun" and label != "Reset":
                continue  # trained before the learner's eyes: below
            box.get_by_role("button", name=label, exact=True).focus()
            page.keyboard.press("Enter")
            twin.press(label)
            says(box, twin.figure.sentence, label)
        for handle in twin.handles:
            box.get_by_role("button", name="Reset", exact=True).click()  # or one handle may lie on another
            twin.press("Reset")
            says(box, twin.figure.sentence, "Reset")
            box.locator(".card").scroll_into_view_if_needed()
            x, y = centre(box, handle)
            to = min(max(x + 30, 0), 1270), y - 25
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(*to, steps=2)
            page.mouse.up()
            dragged(page, still, twin)
            says(box, twin.figure.sentence, f"{handle} dragged")
    assert page.problems == []


@pytest.fixture
def softmax(page, address):
    """Two explorers of lesson 03, alive: their boxes, and the twin of the first."""
    page.problems.clear(), page.asked.clear()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{address}03_sigmoid_and_softmax.html")
    stills = page.locator('figure[data-explorer="Softmax"]')
    boxes = [start(page, stills.nth(nth)) for nth in (0, 1)]
    twin = explorers.core("Softmax")(**json.loads(stills.nth(0).get_attribute("data-options")))
    says(boxes[0], twin.figure.sentence)
    return boxes, twin


@browser_test
def test_a_typed_value_is_taken_or_its_refusal_is_said_and_two_figures_do_not_mix(page, softmax):
    (box, other), twin = softmax
    before = other.locator(".sentence").text_content()
    label = twin.controls["f0"].label
    typed = box.get_by_role("textbox", name=f"{label}, typed", exact=True)
    for text, leave, value in (("2,5", "Enter", 2.5), ("−3", "Tab", -3.0)):
        typed.fill(text)
        page.keyboard.press(leave)
        twin.set(f0=value)
        says(box, twin.figure.sentence, text)
        assert typed.input_value() == f"{value:.2f}".replace("-", "−")
    for text, said in (
        ("1e9", f"{label}: 1e9 was typed, the control takes 6.00 instead"),
        ("three", "is not a number"),
    ):
        typed.fill(text)
        page.keyboard.press("Enter")
        box.locator(".error").first.get_by_text(said).wait_for(timeout=10_000)
    twin.set(f0=6.0)
    typed.fill("5")
    page.keyboard.press("Escape")
    assert typed.input_value() == "6.00"
    page.keyboard.press("Escape")
    assert box.evaluate("box => box === document.activeElement")
    assert box.locator(".sentence").text_content() == twin.figure.sentence
    assert other.locator(".sentence").text_content() == before


@browser_test
def test_a_held_key_leaves_no_queue(page, softmax):
    (box, _), twin = softmax
    slider = box.get_by_role("slider", name=twin.controls["f1"].label, exact=True)
    slider.focus()
    page.keyboard.press("Home")
    twin.set(f1=-6.0)
    says(box, twin.figure.sentence)
    box.locator(".live svg").evaluate(
        """layer => { window.drawn = 0;
             new MutationObserver(() => { window.drawn += 1; }).observe(layer, { childList: true }); }"""
    )
    for _ in range(20):
        page.keyboard.down("ArrowRight")
        page.wait_for_timeout(10)
    page.keyboard.up("ArrowRight")
    at_release = page.evaluate("window.drawn")
    twin.set(f1=-4.0)
    says(box, twin.figure.sentence)
    assert page.evaluate("window.drawn") - at_release <= 2, "moves were still queued when the key was up"


@browser_test
def test_a_worker_that_dies_leaves_picture_and_sentence_and_starts_again_where_it_was(page, softmax):
    (box, _), twin = softmax
    page.evaluate("window.figures.engine.patience = 300")
    page.workers[0].evaluate("self.close()")
    box.get_by_role("slider", name=twin.controls["f0"].label, exact=True).focus()
    page.keyboard.press("ArrowRight")
    box.locator(".error").first.get_by_text("What computes this figure has stopped").wait_for(timeout=10_000)
    assert box.locator(".live svg path").count() > 5, "the picture stays"
    page.evaluate("delete window.figures.engine.patience")
    box.get_by_role("button", name="Start again").click()
    box.get_by_role("button", name="Start again").wait_for(state="hidden", timeout=START)
    says(box, twin.figure.sentence)
    move(box, page, twin, "f0")
    says(box, twin.figure.sentence, "moved after the second start")


@browser_test
def test_axe_finds_nothing_serious_on_live_pages_light_and_dark(page, softmax):
    try:
        for theme, dark in (("light", False), ("dark", True)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert (light(page, "body") < 128) == dark
            dimmed = "card => getComputedStyle(card).opacity"
            assert softmax[0][0].locator(".card").evaluate(dimmed) == ("0.88" if dark else "1")
            assert softmax[0][0].locator(".card figure").evaluate(
                "c => getComputedStyle(c).backgroundColor"
            ) == ("rgb(255, 255, 255)")
            assert (
                serious_in(page, {"runOnly": ["label", "select-name", "button-name", "aria-allowed-attr"]})
                == []
            )
        small = softmax[0][0].evaluate(
            """box => [...box.querySelectorAll('button, select, input:not([type=checkbox])')]
                 .map(one => one.getBoundingClientRect())
                 .filter(({ width, height }) => height && Math.min(width, height) < 24).length"""
        )
        assert small == 0
    finally:
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")


@browser_test
def test_before_the_button_nothing_of_python_is_asked_for_and_storage_may_be_refused(address):
    refuse = """for (const name of ['getItem', 'setItem'])
        Storage.prototype[name] = () => { throw new DOMException('no', 'QuotaExceededError'); };"""
    with offline(address) as page:
        page.add_init_script(refuse)
        page.goto(f"{address}explore/sigmoid.html")
        page.wait_for_timeout(500)
        assert not [url for url in page.asked if "live" in url]
        page.get_by_role("button", name="Let the figures move").click()
        page.locator(".explorer").wait_for(timeout=START)
        page.get_by_role("button", name="Let them stand still").wait_for(timeout=START)
        assert page.problems == []


@browser_test
def test_a_gallery_page_opens_in_the_state_of_its_address_and_writes_it_back(page, address):
    core = explorers.core("Momentum")
    twin = core(kappa=50, lr=core.controls["lr"].nearest(0.3))
    page.goto(f"{address}explore/momentum.html#kappa=50&lr=0.3")
    box = start(page, page.locator("figure[data-explorer]"))
    says(box, twin.figure.sentence, "from the address")
    move(box, page, twin, "kappa")
    says(box, twin.figure.sentence)
    page.wait_for_function("location.hash.includes('kappa=51')")
    assert page.get_by_label("Link to this state").input_value() == page.url
    again = page.url
    for bad, why in (
        ("kappa=5000", "kappa must be a number from 1 to 200, got 5000.0"),
        ("kappa=x", "kappa must be a number, got 'x'"),
        ("method=magic", "method must be one of"), ("speed=1", "Momentum has no control 'speed'"),
    ):  # fmt: skip
        page.evaluate("hash => { location.hash = hash; }", bad)
        box.locator(".error").first.get_by_text(why).wait_for(timeout=10_000)
        assert box.locator(".sentence").text_content() == core().figure.sentence
    page.goto("about:blank")
    page.goto(again)
    says(start(page, page.locator("figure[data-explorer]")), twin.figure.sentence, "from the copied link")
    assert serious_in(page, {"rules": {}}) == []


@browser_test
def test_the_gallery_shows_every_explorer(page, address):
    page.problems.clear()
    page.goto(f"{address}explore/index.html")
    links = page.locator(".gallery a")
    assert links.count() == len(explorers.__all__)
    loaded = """async () => {
        for (const image of document.images) { image.loading = 'eager'; await image.decode(); }
        return [...document.images].every(image => image.naturalWidth > 200); }"""
    assert page.evaluate(loaded)
    assert serious_in(page, {"rules": {}}) == []
    assert page.problems == []


@browser_test
def test_on_a_phone_a_finger_drags_a_handle_and_scrolls_the_page_beside_it(address):
    with offline(address, **PHONE) as page:
        page.goto(f"{address}explore/softmax.html")
        box = start(page, page.locator("figure[data-explorer]"))
        twin = explorers.core("Softmax")()
        says(box, twin.figure.sentence)
        box.locator(".card").scroll_into_view_if_needed()
        finger = page.context.new_cdp_session(page)

        def swipe(x, y, dx, dy):
            points = [(x + dx * k / 4, y + dy * k / 4) for k in range(5)]
            for k, (px, py) in enumerate(points):
                kind = "touchMove" if k else "touchStart"
                finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py}]})
            finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        x, y = centre(box, "grip-0")
        scrolled = page.evaluate("scrollY")
        swipe(x, y, 0, -30)
        dragged(page, page.locator("figure[data-explorer]"), twin)
        assert twin.state().f0 > 2
        says(box, twin.figure.sentence, "dragged by a finger")
        assert page.evaluate("scrollY") == scrolled
        words = box.locator(".sentence").bounding_box()
        swipe(words["x"] + 40, words["y"] + 20, 0, -200)
        page.wait_for_function("before => scrollY !== before", arg=scrolled)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.problems == []


@browser_test
def test_training_goes_on_while_the_page_answers_and_stops(page, address):
    page.problems.clear()
    page.goto(f"{address}explore/training_run.html")
    box = start(page, page.locator("figure[data-explorer]"))
    box.get_by_role("button", name="Over-fitting", exact=True).click()
    sentence = box.locator(".sentence")
    sentence.get_by_text("40 of 40 epochs").wait_for(timeout=60_000)
    twin = explorers.core("TrainingRun")
    view = twin.compute(twin.values(**twin.presets["Over-fitting"]))
    says(box, twin.describe(view))
    box.get_by_role("slider", name=twin.controls["momentum"].label).focus()
    page.keyboard.press("Home")
    sentence.get_by_text("Not trained yet").wait_for()
    box.get_by_role("button", name="Train", exact=True).click()
    sentence.get_by_text("of 40 epochs").wait_for(timeout=20_000)
    box.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_timeout(300)
    stopped = sentence.text_content()
    page.wait_for_timeout(300)
    assert sentence.text_content() == stopped and page.problems == []


@browser_test
def test_what_a_page_lacks_is_said_in_a_line(address, folder):  # noqa: F811
    with offline(address) as page:
        page.goto((folder / "03_sigmoid_and_softmax.html").as_uri())
        assert "a page opened as a file" in page.locator(".figures").text_content()
        page.add_init_script("delete window.WebAssembly")
        page.goto(f"{address}03_sigmoid_and_softmax.html")
        assert "too old to run Python" in page.locator(".figures").text_content()
        assert page.locator(".wake").count() == 0 and page.problems == []
    with offline(address, java_script_enabled=False) as page:
        page.goto(f"{address}03_sigmoid_and_softmax.html")
        assert "python3 run.py lab" in page.locator(".figures").text_content()


# --- Python's side of it, without a browser ---------------------------------------------------------------


class Broken(Explorer):
    """An explorer that cannot compute above 1."""

    controls = {
        "x": Slider("x", 0.0, 0.0, 2.0, 0.5),
        "kind": Choice("kind", "a", ("a", "b")),
        "on": Switch("on"),
    }
    handles = {"dot": lambda view, x, y: {"x": x}}

    @staticmethod
    def compute(c):
        if c.x > 1:
            raise ArithmeticError("x is above 1")
        return c

    def draw(self, fig):
        return {"dot": fig.add_subplot(xlim=(0, 2)).plot([0], [0], "o")[0]}

    def update(self, live, view):
        live["dot"].set_data([view.x], [0.5])

    @staticmethod
    def describe(view):
        return f"x is {view.x:g}, {view.kind}, {view.on}."


@pytest.fixture
def ask(monkeypatch):
    """Ask as the page does, of an explorer Broken."""
    monkeypatch.setattr(explorers, "__all__", ["Broken"])
    monkeypatch.setattr(explorers, "core", {"Broken": Broken}.get)

    def ask(kind, **payload):
        said = json.loads(python_page.answer(json.dumps({"id": 7, "kind": kind, "payload": payload})))
        assert said["id"] == 7
        return said

    return ask


def test_what_python_answers_to_a_page(ask):
    about = ask("make", key="k", name="Broken", options={"x": 0.5, "only": ["x", "on"]})["payload"]
    assert [control["kind"] for control in about["controls"]] == ["Slider", "Switch"]
    assert about["card"]["sentence"] == "x is 0.5, a, False." and "<svg" in about["card"]["static_svg"]
    assert (about["handles"], about["buttons"], about["error"]) == (["dot"], ["Reset"], "")
    moved = ask("do", key="k", steps=[["move", {"x": 1.0, "on": True}]])["payload"]
    assert moved["card"]["sentence"] == "x is 1, a, True." and "static_svg" not in moved["card"]
    assert moved["values"] == {"x": 1.0, "kind": "a", "on": True}
    wrong = ask("do", key="k", steps=[["move", {"x": 2.0}]])["payload"]
    assert "x is above 1" in wrong["error"] and wrong["card"] == {}
    assert (
        "x is above 1"
        in ask("do", key="k", steps=[["press", "Reset"], ["move", {"x": 1.5}]])["payload"]["error"]
    )
    assert ask("do", key="k", steps=[["press", "Reset"]])["payload"]["error"] == ""
    x, y = python_page.shown["k"]._live["dot"].axes.transData.transform((1.0, 0))
    assert ask("do", key="k", steps=[["drag", "dot", x, y]])["payload"]["values"]["x"] == 1.0
    assert ask("go on")["payload"] == {"frames": {}, "rest": None}
    assert ask("forget", key="k")["payload"] == {}
    assert "KeyError" in ask("do", key="k", steps=[])["error"]
    assert "KeyError" in ask("sing")["error"]


def test_a_state_from_an_address_is_read_or_refused_in_a_sentence(ask):
    state = {"x": "1", "kind": "b", "on": "true"}
    assert (
        ask("make", key="k", name="Broken", state=state)["payload"]["card"]["sentence"] == "x is 1, b, True."
    )
    for state, why in (
        ({"x": "9"}, "x must be a number from 0 to 2, got 9.0"), ({"x": "nan"}, "x must be a number from 0"),
        ({"x": "1", "kind": "c"}, "kind must be one of"), ({"on": "yes"}, "on must be true or false"),
        ({"y": "1"}, "Broken has no control 'y'"), ({"x": "2"}, "x is above 1"),
    ):  # fmt: skip
        about = ask("make", key="k", name="Broken", state=state)["payload"]
        assert why in about["refused"] and about["card"]["sentence"] == "x is 0, a, False."
        again = ask("do", key="k", steps=[["read", state]])["payload"]
        assert why in again["refused"] and again["values"] == about["values"]
