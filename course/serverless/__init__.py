"""The serverless section: event-driven AWS and how one watches it, as plain functions. Nothing here needs Jupyter or boto3."""
