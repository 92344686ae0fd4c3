"""Accounts that are built once and then brought back in milliseconds: for "find the fault", and for checks that begin anew.

@lab.prepared
def closed_door(region="us-east-1"):
    ...boto3, as anybody would...
    return {"server": instance_id}

closed_door()          # the account is now this one, and nothing else is in it
closed_door(seed=7)    # the same with other ids
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

# As many as one lesson's exercises need; an account takes about a megabyte.
_MOST_KEPT = 32


def prepared(build: Callable[..., Any]) -> Callable[..., Any]:
    """A function that empties the account and builds this one; from the second time on it is put back as it was built.

    `seed` decides the ids, so that none can be learnt by heart; everything else goes to `build`, and must be hashable.
    What `build` returns is returned, in a copy of its own each time, so it must be plain data.
    """
    kept: dict[Any, tuple[Any, Any]] = {}

    @wraps(build)
    def account(*args: Any, seed: int = 0, **more: Any) -> Any:
        from course import lab

        key = args, tuple(sorted(more.items())), seed
        if key in kept:
            saved, returned = kept[key]
            lab.restore(saved)
        else:
            lab.reset(seed)
            returned = build(*args, **more)
            if len(kept) >= _MOST_KEPT:
                del kept[next(iter(kept))]
            kept[key] = lab.snapshot(), returned
        return copy.deepcopy(returned)

    return account
