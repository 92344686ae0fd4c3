"""Amazon CloudFront: what AWS refuses of a distribution."""

# The modules with rules, in the order in which their rules are asked.
RULES = ("distributions",)
