"""Amazon EC2 Auto Scaling: what AWS refuses, and where instances go."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "groups",
    "instances",
    "policies",
    "schedules",
    "suspended_processes",
    "lifecycle_hooks",
    "activities",
    "instance_refresh",
    "target_tracking_alarms",
)
