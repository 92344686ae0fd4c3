"""Answers to the exercises on choosing storage."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

_WORKLOADS = Answers(
    wrong=[
        Wrong(
            "boots from an HDD because it is cheap",
            refused_by="A: an HDD volume cannot boot, and 30 GiB need no bought IOPS",
            code='choice = {"A": "st1", "B": "io2", "C": "st1", "D": "efs", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "makes gp3 large enough for any number of IOPS",
            refused_by="B: General Purpose SSD ends at 80,000 IOPS, whatever the size",
            code='choice = {"A": "gp3", "B": "gp3", "C": "st1", "D": "efs", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "lets the burst of Cold HDD last all day",
            refused_by="C: sequential reads suit HDD, and 150 MiB/s must last without credits",
            code='choice = {"A": "gp3", "B": "io2", "C": "sc1", "D": "efs", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "shares a volume across zones with Multi-Attach",
            refused_by="D: an EBS volume stays in one Availability Zone, even with Multi-Attach",
            code='choice = {"A": "gp3", "B": "io2", "C": "st1", "D": "io2", "E": "instance store", "F": "sc1"}',
        ),
        Wrong(
            "buys the fastest volume for what may be lost",
            refused_by="E: what may be lost can live on the host's own disks",
            code='choice = {"A": "gp3", "B": "io2", "C": "st1", "D": "efs", "E": "io2", "F": "sc1"}',
        ),
        Wrong(
            "takes the throughput type for data that is seldom read",
            refused_by="F: the cheapest type that still delivers the base throughput",
            code='choice = {"A": "gp3", "B": "io2", "C": "st1", "D": "efs", "E": "instance store", "F": "st1"}',
        ),
    ],
    right=[
        Right(
            "zips the letters with the choices",
            code='choice = dict(zip("ABCDEF", ["gp3", "io2", "st1", "efs", "instance store", "sc1"]))',
        ),
    ],
)


ANSWERS = {
    "choosing-storage-workloads": _WORKLOADS,
}
