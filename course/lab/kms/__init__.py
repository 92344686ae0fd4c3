"""AWS KMS: keys and their states, policies and grants, aliases, rotation, and what is encrypted or signed with them."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "parameters",
    "keys",
    "managed_keys",
    "states",
    "deletion",
    "key_policies",
    "aliases",
    "rotation",
    "grants",
    "multi_region",
    "encryption",
    "data_keys",
    "signing",
    "key_agreement",
    "importing",
)
