"""Predicts all journeys of a generated catalog and prints what it took.

python benchmarks/prediction.py --components 150 --journeys 1000
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from generate_catalog import generate

from servicescape.analysis.prediction.prediction import predict
from servicescape.app.load import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--components", type=int, default=150)
    parser.add_argument("--journeys", type=int, default=1000)
    parser.add_argument("--slos", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), arguments.components, arguments.journeys, arguments.slos, arguments.seed)
        catalog = load([folder]).catalog
    begin = time.process_time()
    found = predict(catalog)
    seconds = time.process_time() - begin
    needs = sorted(each.needs for each in found.journeys)
    bounded = sum(each.availability is None for each in found.journeys)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(needs)} journeys over {needs[0]} to {needs[-1]} components each, {bounded} of them by bounds")
    print(f"{seconds:.2f} s of processor time; peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
