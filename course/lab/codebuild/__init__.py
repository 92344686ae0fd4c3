"""AWS CodeBuild: what AWS refuses of a project, and builds that read their buildspec."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "projects",
    "builds",
)
