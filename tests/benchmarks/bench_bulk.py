"""Ten thousand signed documents from the button to the disk, through the real queue and database, on two cores.

make bench-bulk
python tests/benchmarks/bench_bulk.py --documents 2000 --on sqlite
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import houses, report  # isort: skip

from tests.benchmarks import bulk
from tests.harness.databases import KINDS


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--documents", type=int, default=10_000)
    given.add_argument("--on", nargs="+", choices=KINDS, default=list(KINDS))
    wanted = given.parse_args()
    with houses(wanted.on) as each:
        for app, database in each:
            with app.app_context():
                found = bulk.from_button_to_disk(app, database, wanted.documents)
            for metric, name, unit in (
                ("documents with a file of their own", "files", f"of {wanted.documents}"),
                ("issued and numbered", "issued", "s"),
                ("processor of issuing", "processor", "s"),
                ("issued, numbered, logged, signed and on disk", "done", "s"),
                ("memory of the worker's largest process", "memory", "MB"),
            ):
                report("bulk", metric, found[name], unit, database=database.kind)


if __name__ == "__main__":
    main()
