"""Amazon EventBridge: rules, patterns, targets and events; who gets an event, and whose policy lets it in."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "event_buses",
    "patterns",
    "rules",
    "targets",
    "put_events",
    "delivery",
)
