"""Amazon API Gateway (REST APIs and HTTP APIs) and Lambda function URLs: what AWS refuses, and APIs that answer."""

# The modules with rules, in the order in which their rules are asked.
RULES = (
    "addresses",
    "account_settings",
    "rest_apis",
    "rest_resources",
    "rest_methods",
    "rest_integrations",
    "rest_responses",
    "rest_deployments",
    "rest_stages",
    "rest_authorizers",
    "rest_models",
    "rest_keys",
    "rest_import",
    "rest_test_invocations",
    "http_apis",
    "http_integrations",
    "http_authorizers",
    "http_routes",
    "http_deployments",
    "http_stages",
    "http_import",
    "function_urls",
)
