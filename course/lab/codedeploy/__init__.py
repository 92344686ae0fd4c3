"""AWS CodeDeploy: deployment configurations, groups, and Lambda deployments that shift an alias."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "configurations",
    "applications",
    "groups",
    "deployments",
    "shifting",
    "targets",
)
