"""How EBS counts I/O: large operations are split, small sequential ones merged.

Source: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-io-characteristics.html
"""

from __future__ import annotations

import math

from course.data import value
from course.storage.limits import at_least

MEDIA = ("ssd", "hdd")


def counted(operations: int, size_kib: float, sequential: bool, media: str = "ssd") -> int:
    """The number of I/Os that EBS counts for `operations` of `size_kib` each.

    One I/O is at most 256 KiB on SSD and 1,024 KiB on HDD volumes.
    """
    if media not in MEDIA:
        raise ValueError(f"media is 'ssd' or 'hdd', not {media!r}")
    at_least("operations", operations, 0)
    at_least("size_kib", size_kib, 1)
    largest = value(f"ebs.io.max_{media}")
    if size_kib >= largest:
        return operations * math.ceil(size_kib / largest)
    return math.ceil(operations * size_kib / largest) if sequential else operations
