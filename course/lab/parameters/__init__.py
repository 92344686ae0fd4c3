"""What a service refuses before it looks at anything: values outside the limits that its model states."""

# The modules with rules, in the order in which their rules are asked.
RULES = ("constraints",)
