"""The interactive pictures of the storage section: each function returns a Demo that a notebook cell shows.

>>> from course.storage import demos
>>> demos.gp2_iops_against_size()          # doctest: +SKIP
"""

from course.storage.demos_efs import efs_throughput_and_lifecycle
from course.storage.demos_gp2_bucket import gp2_burst_bucket
from course.storage.demos_gp2_iops import gp2_iops_against_size
from course.storage.demos_hdd import hdd_burst
from course.storage.demos_snapshots import incremental_snapshots
from course.storage.demos_ssd import ssd_limits_and_cost

__all__ = [
    "efs_throughput_and_lifecycle",
    "gp2_burst_bucket",
    "gp2_iops_against_size",
    "hdd_burst",
    "incremental_snapshots",
    "ssd_limits_and_cost",
]
