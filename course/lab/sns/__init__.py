"""Amazon SNS."""

RULES = ()
