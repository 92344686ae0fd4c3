"""Amazon GuardDuty: one detector for a Region, sample findings, filters."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "detectors",
    "findings",
    "filters",
)
