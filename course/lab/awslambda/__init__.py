"""AWS Lambda: what AWS refuses, and functions that run."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "limits",
    "aliases",
    "permissions",
    "execution",
    "invoke",
    "event_invoke_config",
    "dead_letters",
    "destinations",
    "triggers",
)
