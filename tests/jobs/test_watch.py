"""Silence is told by counters that stand still, whatever the clocks say."""

from __future__ import annotations

from rowsense.jobs.watch import Watch


def test_a_counter_that_stands_still_is_silent() -> None:
    watch: Watch[str] = Watch(10.0)
    beats = {"alive": 0, "dead": 7}
    for now_s in (0.0, 4.0, 8.0):
        assert watch.silent(beats, now_s) == []
        beats["alive"] += 1
    assert watch.silent(beats, 10.0) == ["dead"]
    del beats["dead"]
    assert watch.silent(beats, 14.0) == []


def test_who_begins_again_has_time_again() -> None:
    watch: Watch[tuple[str, int]] = Watch(10.0)
    for now_s in (0.0, 4.0, 8.0):
        watch.silent({("job", 1): 3}, now_s)
    assert watch.silent({("job", 2): 3}, 12.0) == []


def test_a_watcher_that_slept_itself_accuses_nobody() -> None:
    watch: Watch[str] = Watch(10.0)
    watch.silent({"job": 1}, 0.0)
    assert watch.silent({"job": 1}, 3600.0) == []
    assert watch.silent({"job": 1}, 3604.0) == []
    assert watch.silent({"job": 1}, 3608.0) == []
    assert watch.silent({"job": 1}, 3610.0) == ["job"]
