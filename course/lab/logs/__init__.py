"""Amazon CloudWatch Logs: what AWS refuses, and what it does with log events: metric filters, EMF, subscriptions, Insights."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "names",
    "log_groups",
    "encryption",
    "log_streams",
    "log_events",
    "searching",
    "metric_filters",
    "subscription_filters",
    "resource_policies",
    "insights",
    "query_definitions",
)
