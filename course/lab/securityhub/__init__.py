"""AWS Security Hub: a subscription before anything else."""

# The modules with rules, in the order in which their rules are asked.
RULES = ("subscription",)
