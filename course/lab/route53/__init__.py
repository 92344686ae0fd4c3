"""Amazon Route 53: what AWS refuses, changes of records as one transaction, and the answers to DNS queries."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "hosted_zones",
    "vpc_associations",
    "health_checks",
    "changes",
    "listings",
    "dns_answers",
    "load_balancer_zones",
)
