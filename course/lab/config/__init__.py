"""AWS Config: recorder and delivery channel, and a few managed rules that look at the account."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "recorders",
    "compliance",
)
