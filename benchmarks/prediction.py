"""Predicts all journeys of a generated catalog and prints what it took.

python benchmarks/prediction.py
python benchmarks/prediction.py --shape dense --components 150
python benchmarks/prediction.py --shape dense --components 10000 --slos 5000

`landscape` has the shape of catalogs that people keep; in `dense` nearly everything depends on everything.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from generate_catalog import generate
from generate_landscape import generate_landscape

from servicescape.analysis.prediction.prediction import predict
from servicescape.app.load import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=("landscape", "dense"), default="landscape")
    parser.add_argument("--components", type=int, default=10_000)
    parser.add_argument("--journeys", type=int, default=1000)
    parser.add_argument("--slos", type=int, default=50, help="of the dense shape")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--overview", action="store_true", help="without details, as `predict` alone prints it")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.shape == "dense":
            generate(Path(folder), arguments.components, arguments.journeys, arguments.slos, arguments.seed)
        else:
            generate_landscape(Path(folder), arguments.components, arguments.journeys, arguments.seed)
        catalog = load([folder]).catalog
    begin, before = time.monotonic(), _seconds()
    found = predict(catalog, jobs=arguments.jobs, details=not arguments.overview)
    wall, seconds = time.monotonic() - begin, _seconds() - before
    needs = sorted(each.needs for each in found.journeys)
    exact = sum(each.availability is not None for each in found.journeys)
    complete = sum(not each.notes for each in found.journeys)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    middle = needs[len(needs) // 2]
    print(f"{len(needs)} journeys over {needs[0]} to {needs[-1]} components each, {middle} in the middle")
    print(f"{exact} with an exact availability, {complete} with all figures")
    print(f"{seconds:.2f} s of processor time, {wall:.2f} s of wall time; peak memory {peak:.0f} MB")


def _seconds() -> float:
    """Of this process and of those that it has waited for."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


if __name__ == "__main__":
    main()
