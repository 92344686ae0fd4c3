"""AWS Secrets Manager."""

RULES = ()
