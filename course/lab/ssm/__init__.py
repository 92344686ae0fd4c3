"""AWS Systems Manager Parameter Store."""

RULES = ()
