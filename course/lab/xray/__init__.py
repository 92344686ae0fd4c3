"""AWS X-Ray: segments, traces and how one finds them, sampling rules, groups. moto searches nothing and has no rules."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "requests",
    "segments",
    "traces",
    "service_graph",
    "sampling_rules",
    "groups",
)
