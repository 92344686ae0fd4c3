"""Print how many probes of each area are answered as AWS answers: `python tests/probes/report.py [--moto] [area ...]`.

--moto asks plain moto without the course's gate. Deviations follow the table, one a line, and then, for the offline
account, what each module's `not_yet` should be.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path[:1] = [str(Path(__file__).resolve().parents[2])]

from tests.probes import runner  # noqa: E402
from tests.probes.notation import AS_AWS, OUTCOMES  # noqa: E402


def main(arguments: list[str]) -> None:
    moto = "--moto" in arguments
    wanted = [one for one in arguments if not one.startswith("-")] or runner.AREAS
    if moto:
        os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1")
    counts: dict[str, Counter] = {area: Counter() for area in wanted}
    seconds: Counter = Counter()
    deviations = []
    not_yet: dict[str, list[str]] = {area: [] for area in wanted}
    with runner.plain_moto() if moto else runner.offline_account() as run:
        for area, probe in runner.every():
            if area not in counts:
                continue
            began = time.perf_counter()
            outcome, sentence = run(probe)
            seconds[area] += time.perf_counter() - began
            counts[area][outcome] += 1
            if outcome != AS_AWS:
                not_yet[area].append(probe.id)
                deviations.append(f"{area} {probe.id} [{probe.topic}, {probe.expected}] {outcome}: {sentence}"[:330])
    print(f"{'area':24}" + "".join(f"{one:>18}" for one in (*OUTCOMES, "total", "seconds")))
    for area, row in {**counts, "all": sum(counts.values(), Counter())}.items():
        time_taken = sum(seconds.values()) if area == "all" else seconds[area]
        cells = [*(row[one] for one in OUTCOMES), row.total(), f"{time_taken:.1f}"]
        print(f"{area:24}" + "".join(f"{one:>18}" for one in cells))
    print(*deviations, sep="\n")
    for area, ids in not_yet.items():
        if not moto and set(ids) != runner.modules()[area].not_yet:
            print(f"\n{area}.py: not_yet = {set_of(ids)}")


def set_of(ids: list[str]) -> str:
    """As the formatter writes a set."""
    return "{\n" + "".join(f'    "{one}",\n' for one in ids) + "}" if ids else "set()"


if __name__ == "__main__":
    main(sys.argv[1:])
