"""AWS CodePipeline: what AWS refuses of a pipeline, and executions that stop at an approval."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "structure",
    "executions",
    "states",
    "approvals",
    "transitions",
)
