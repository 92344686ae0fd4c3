"""AWS KMS: keys and their states, policies and grants, aliases, rotation, and what is encrypted or signed with them."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "parameters",
    "keys",
    "managed_keys",
    "states",
    "key_policies",
    "aliases",
    "rotation",
    "grants",
    "multi_region",
    "encryption",
    "signing",
    "users_of_keys",
)
