"""The storage section: EBS, EFS and instance store as plain functions; `demos` draws them.

Sizes are in GiB, throughput in MiB/s, as AWS states them. Nothing here needs Jupyter.
"""
