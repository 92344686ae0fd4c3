"""AWS WAF: what AWS refuses of web ACLs, IP sets and associations, and capacity units."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "scopes",
    "rules",
    "web_acls",
    "ip_sets",
    "associations",
)
