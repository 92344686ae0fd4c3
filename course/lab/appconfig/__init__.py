"""AWS AppConfig."""

RULES = ()
