"""Amazon SNS: what AWS refuses, filters, confirmation, and deliveries that policies must let in."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "topics",
    "topic_attributes",
    "topic_policies",
    "subscriptions",
    "subscription_attributes",
    "confirmation",
    "publishing",
    "encryption",
    "fan_out",
    "delivery",
)
