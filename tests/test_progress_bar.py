"""The progress bar of a training loop: it passes every step on, ends full, and is saved as a line of text."""

import pytest

from helpers.figures import progress


@pytest.fixture
def shown(monkeypatch):
    bars = []
    monkeypatch.setattr(progress, "display", bars.append)
    return bars


@pytest.mark.parametrize("total", [1, 7, 250, 999])
def test_every_step_is_passed_on_and_the_bar_ends_full(shown, total):
    values = []
    for step in progress.with_progress(range(total), total):
        values.append(step)
    assert values == list(range(total))
    assert shown[0].value == shown[0].max == total


def test_the_bar_moves_as_the_steps_are_done_and_not_at_each_of_many(shown):
    seen = [shown[0].value for _ in progress.with_progress(range(1000), 1000)]
    assert seen[499] == 500 and len(set(seen)) <= 101


def test_a_loop_that_is_left_leaves_the_bar_where_it_was(shown):
    for step in progress.with_progress(range(10), 10):
        if step == 3:
            break
    assert shown[0].value == 4


def test_what_is_saved_says_the_same_on_every_run(shown):
    next(progress.with_progress(range(3), 3, "Ten epochs"))
    saved = shown[0]._repr_mimebundle_()
    assert saved["text/plain"] == "Ten epochs: a progress bar over 3 steps"
    assert saved["text/html"] == '<label>Ten epochs: 3 steps <progress max="3" value="3"></progress></label>'


def test_a_total_that_is_no_count_is_refused(shown):
    with pytest.raises(ValueError, match="total"):
        next(progress.with_progress([], 0))
