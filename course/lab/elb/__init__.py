"""Elastic Load Balancing: what AWS refuses, and how targets fare."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "load_balancer_attributes",
    "load_balancers",
    "subnets",
    "actions",
    "listeners",
    "rules",
    "target_group_attributes",
    "target_groups",
    "targets",
    "target_health",
    "classic",
)
