"""AWS AppConfig and AWS AppConfig Data, of which moto has a small part: the lab answers all of it."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "applications",
    "environments",
    "profiles",
    "hosted_versions",
    "strategies",
    "deployments",
    "sessions",
    "settings",
)
