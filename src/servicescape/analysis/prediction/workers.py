"""Many journeys: how much effort each of them gets, and more than one process where that is worth its start.

What a journey gets hangs on how many there are, and never on a clock or on the number of processes, so that the same
catalog gives the same figures everywhere.
"""

import gc
import multiprocessing
import pickle
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from servicescape.analysis.prediction.one_journey import Case, Ground, JourneyPredictor
from servicescape.analysis.prediction.results import JourneyPrediction

Progress = Callable[[int, int], None]
"""Told how many of how many journeys are done."""

MOST_EFFORT = 40_000_000
"""Of all journeys together in each round: nodes of diagrams, and what takes as long as one. Some forty seconds, which
are hardly ever needed."""
_FEWEST = 60_000
"""Effort that each journey gets however many there are."""
_MOST = 2_000_000
"""Effort that no journey gets more than."""

_WAIT_SECONDS = 1.0
_WORTH_SECONDS = 3.0
"""Of work that is left, from which on it is worth to start processes."""
_CHUNK = 8
"""Journeys that a process is given at a time."""

_Answer = tuple[JourneyPrediction, bool, bool]
"""And whether more effort might have told more: of what is asked in any case, and of all."""
_Keep = Callable[[Sequence[_Answer]], None]


def predict_all(
    ground: Ground, cases: Sequence[Case], jobs: int = 1, progress: Progress | None = None
) -> list[JourneyPrediction]:
    """The predictions in the order of the cases.

    Most journeys need little. Each gets an even share of the effort first; those for which that was too little then
    share as much again. So do those whose details alone lack something, among themselves: whether details are asked for
    makes no difference to the rest.
    """
    effort = _share(len(cases))
    answers = _round(ground, cases, effort, jobs, progress)
    short = [number for number, (_, overview, _) in enumerate(answers) if overview]
    details = [number for number, (_, overview, all_of_it) in enumerate(answers) if all_of_it and not overview]
    for again in (short, details):
        more = _share(len(again))
        if again and more > effort:
            second = _round(ground, [cases[number] for number in again], more, jobs, progress)
            for number, answer in zip(again, second, strict=True):
                answers[number] = answer
    return [prediction for prediction, *_ in answers]


def _share(journeys: int) -> int:
    return min(_MOST, max(_FEWEST, MOST_EFFORT // max(1, journeys)))


def _round(ground: Ground, cases: Sequence[Case], effort: int, jobs: int, progress: Progress | None) -> list[_Answer]:
    found: list[_Answer] = []

    def keep(answers: Sequence[_Answer]) -> None:
        found.extend(answers)
        if progress is not None:
            progress(len(found), len(cases))

    _in_turn(ground, cases, effort, keep, stop_where_worth=jobs > 1)
    if len(found) < len(cases):
        try:
            _beside_each_other(ground, cases[len(found) :], effort, keep, jobs)
        except (BrokenProcessPool, OSError):
            # Processes cannot be had here, or were ended from outside.
            _in_turn(ground, cases[len(found) :], effort, keep, stop_where_worth=False)
    return found


def _in_turn(
    ground: Ground,
    cases: Sequence[Case],
    effort: int,
    keep: _Keep,
    stop_where_worth: bool,
) -> None:
    """One case after the other, up to where it is seen that processes are worth their start."""
    predictor = JourneyPredictor(ground)
    begin = time.monotonic()
    for done, case in enumerate(cases):
        passed = time.monotonic() - begin
        worth_it = stop_where_worth and done > 0 and passed > _WAIT_SECONDS
        if worth_it and passed / done * (len(cases) - done) > _WORTH_SECONDS:
            return
        keep([_answer(predictor, case, effort)])


def _beside_each_other(ground: Ground, cases: Sequence[Case], effort: int, keep: _Keep, jobs: int) -> None:
    """Chunks of cases in processes of their own, started afresh: forks of a process with threads can hang."""
    context = multiprocessing.get_context("spawn")
    chunks = [cases[at : at + _CHUNK] for at in range(0, len(cases), _CHUNK)]
    payload = pickle.dumps(ground, pickle.HIGHEST_PROTOCOL)
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(min(jobs, len(chunks)), mp_context=context, initializer=_start, initargs=(payload,))
    try:
        # In the order of the cases, whoever is ready first.
        for answers in pool.map(_run, chunks, [effort] * len(chunks)):
            keep(answers)
    except BaseException:
        # Who interrupts a run, perhaps twice, wants nothing to go on without it.
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        pool.shutdown(cancel_futures=True)
        del pool
        raise
    pool.shutdown()


_predictor: JourneyPredictor | None = None
"""Of this process, where it is one that works for another."""


def _start(payload: bytes) -> None:
    global _predictor
    # An interrupt reaches all processes of a terminal; the one that was started by the user answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As in the process of a command: results hold no cycles, and looking for some doubles the time.
    gc.disable()
    _predictor = JourneyPredictor(pickle.loads(payload))  # noqa: S301 - our own, from the process that started us


def _run(cases: Sequence[Case], effort: int) -> list[_Answer]:
    predictor = _predictor
    assert predictor is not None
    return [_answer(predictor, case, effort) for case in cases]


def _answer(predictor: JourneyPredictor, case: Case, effort: int) -> _Answer:
    prediction = predictor.predict(case, effort)
    return prediction, predictor.overview_cut_short, predictor.cut_short
