"""AWS Step Functions: what AWS refuses, and executions."""

# The modules with rules, in the order in which their rules are asked.
RULES = ("interpreter", "versions", "state_machines", "executions", "execution_records", "single_states", "activities")
