"""IAM and AWS STS: who is calling, may they, and what AWS refuses."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "managed_policies",
    "caller",
    "sessions",
    "enforcement",
    "last_accessed",
    "s3",
    "users",
    "names",
    "service_linked_roles",
    "documents",
    "quotas",
    "passwords",
    "mfa",
    "credential_report",
    "simulator",
    "encoded_messages",
    "organizations",
    "lists",
)
