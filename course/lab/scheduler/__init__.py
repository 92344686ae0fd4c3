"""Amazon EventBridge Scheduler: which schedules AWS takes. None of them runs: the account has no clock that ticks."""

# The modules with rules, in the order in which their rules are asked.
RULES = ("schedules",)
