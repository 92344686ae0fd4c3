"""The Serverless section: APIs in front of functions, as plain functions on plain data. Nothing here needs boto3."""
