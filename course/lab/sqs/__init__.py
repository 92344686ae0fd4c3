"""Amazon SQS: what AWS refuses, FIFO queues, dead-letter queues and their redrive, encryption."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "clock",
    "queues",
    "attributes",
    "redrive_policies",
    "queue_policies",
    "batches",
    "messages",
    "fifo",
    "receiving",
    "receipt_handles",
    "encryption",
    "redrive_tasks",
    "bucket_notifications",
)
