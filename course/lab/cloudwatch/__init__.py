"""Amazon CloudWatch: metric data and their statistics, metric math, alarms that are evaluated and act."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "metric_data",
    "statistics",
    "metric_math",
    "alarms",
    "evaluation",
    "composite_alarms",
    "alarm_descriptions",
    "alarm_history",
    "dashboards",
    "anomaly_detectors",
)
