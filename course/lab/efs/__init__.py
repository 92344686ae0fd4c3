"""Amazon EFS: what AWS refuses."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "file_systems",
    "mount_targets",
    "access_points",
)
