"""Amazon S3: names of buckets, what a new bucket is set to, and which bucket policies AWS stores."""

# The modules with rules, in the order in which their rules are asked.
RULES = ("buckets", "bucket_requests")
