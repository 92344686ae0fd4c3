"""AWS Systems Manager Parameter Store: names, types, tiers, versions, labels and secure strings."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "names",
    "values",
    "tiers",
    "parameter_policies",
    "secure_strings",
    "reading",
    "labels",
    "settings",
)
