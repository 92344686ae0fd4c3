"""Amazon Inspector: scans that are switched on and off, and findings about what the account really holds."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "scans",
    "findings",
)
