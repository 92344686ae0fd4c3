"""AWS CloudFormation and AWS SAM: stacks that really make resources, roll back, and are refused as AWS refuses them."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "stack_operations",
    "stack_recovery",
    "descriptions",
    "template_operations",
    "change_sets",
    "change_set_descriptions",
    "drift",
)
