"""AWS Lambda: what AWS refuses, and functions that run."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "addresses",
    "limits",
    "aliases",
    "provisioned_concurrency",
    "account_settings",
    "pages",
    "permissions",
    "environments",
    "invoke",
    "event_invoke_config",
    "dead_letters",
    "configuration",
    "destinations",
    "event_sources",
    "queues",
    "streams",
    "triggers",
)
