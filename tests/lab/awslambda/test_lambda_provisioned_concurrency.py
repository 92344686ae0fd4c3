"""Provisioned concurrency: its rules, and environments that really wait."""

import base64

import pytest

ECHO = "import os\ndef handler(e, c): return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']"
INVALID = "InvalidParameterValueException"


@pytest.fixture
def put(awslambda, deploy):
    """Provision a version of a function that is published once."""
    deploy(ECHO, Publish=True)

    def put(qualifier="1", count=2):
        return awslambda.put_provisioned_concurrency_config(
            FunctionName="f", Qualifier=qualifier, ProvisionedConcurrentExecutions=count
        )

    return put


def test_environments_wait(awslambda, put, invoke):
    """Does no invocation of the version start cold, and does the function see why?"""
    made = put()
    assert (made["Status"], made["RequestedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 2)
    shown = awslambda.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
    assert (shown["Status"], shown["AvailableProvisionedConcurrentExecutions"]) == ("READY", 2)
    found, response = invoke(Qualifier="1", LogType="Tail")
    assert found == "provisioned-concurrency"
    assert "Init Duration" not in base64.b64decode(response["LogResult"]).decode()
    found, response = invoke(LogType="Tail")
    assert found == "on-demand" and "Init Duration" in base64.b64decode(response["LogResult"]).decode()
    (listed,) = awslambda.list_provisioned_concurrency_configs(FunctionName="f")["ProvisionedConcurrencyConfigs"]
    assert listed["FunctionArn"].endswith(":f:1")
    awslambda.delete_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
    assert invoke(Qualifier="1")[0] == "on-demand"


def test_function_that_does_not_start(awslambda, deploy):
    """Is a failing INIT told?"""
    deploy("1 / 0", Publish=True)
    one = {"FunctionName": "f", "Qualifier": "1"}
    awslambda.put_provisioned_concurrency_config(**one, ProvisionedConcurrentExecutions=1)
    shown = awslambda.get_provisioned_concurrency_config(**one)
    assert (shown["Status"], shown["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")


@pytest.mark.parametrize(
    ("qualifier", "count", "code", "word", "status"),
    [
        ("$LATEST", 1, INVALID, "unpublished function versions", 400),
        ("9", 1, "ResourceNotFoundException", "f:9", 404),
        ("1", 901, INVALID, "below its minimum value of [100]", 400),
        ("latest", 1, INVALID, "unpublished function versions", 400),
    ],
)
def test_impossible_provision(awslambda, put, refused, qualifier, count, code, word, status):
    """Is a provision that AWS refuses refused?"""
    awslambda.create_alias(FunctionName="f", Name="latest", FunctionVersion="$LATEST")
    call = awslambda.put_provisioned_concurrency_config
    given = {"FunctionName": "f", "Qualifier": qualifier, "ProvisionedConcurrentExecutions": count}
    refused(call, code, word, status=status, **given)


def test_reserved_holds_provisioned(awslambda, put, refused):
    """Is the reserved concurrency never below what is provisioned?"""
    awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=2)
    one = {"FunctionName": "f", "Qualifier": "1"}
    words = "should not be greater than the reservedConcurrentExecution"
    refused(awslambda.put_provisioned_concurrency_config, INVALID, words, **one, ProvisionedConcurrentExecutions=3)
    put()
    words = "should not be lower than function's total provisioned concurrency [2]"
    reserve = awslambda.put_function_concurrency
    refused(reserve, INVALID, words, FunctionName="f", ReservedConcurrentExecutions=1)
    missing = "No Provisioned Concurrency Config found for this function"
    awslambda.delete_provisioned_concurrency_config(**one)
    refused(
        awslambda.get_provisioned_concurrency_config,
        "ProvisionedConcurrencyConfigNotFoundException",
        missing,
        status=404,
        **one,
    )


def test_version_or_alias(awslambda, put, refused):
    """Is a version provisioned by itself or by an alias, not both?"""
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    put("live")
    call = awslambda.put_provisioned_concurrency_config
    given = {"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 1}
    refused(call, "ResourceConflictException", "alias", status=409, **given)
