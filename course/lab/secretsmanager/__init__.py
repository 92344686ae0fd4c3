"""AWS Secrets Manager: secrets, their versions and labels, rotation, policies, and the keys that encrypt them."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "secrets",
    "encryption",
    "versions",
    "reading",
    "rotation",
    "replication",
    "resource_policies",
    "passwords",
)
