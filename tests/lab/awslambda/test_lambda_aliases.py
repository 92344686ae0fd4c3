"""Versions, aliases and their weights."""

import pytest

VERSION = "def handler(event, context): return [context.function_version, '{}']"


@pytest.fixture
def versions(deploy, awslambda, invoke):
    """A function with versions 1 and 2 of different code."""
    from conftest import zipped

    deploy(VERSION.format("one"))
    awslambda.publish_version(FunctionName="f")
    awslambda.update_function_code(FunctionName="f", ZipFile=zipped(VERSION.format("two")))
    awslambda.publish_version(FunctionName="f")


def test_versions_are_immutable(versions, invoke, awslambda, refused):
    """Does a version keep its code, and does nobody change it?"""
    from conftest import zipped

    assert invoke(Qualifier="1")[0] == ["1", "one"]
    assert invoke(Qualifier="2")[0] == ["2", "two"]
    assert invoke()[0] == ["$LATEST", "two"]
    assert invoke("f:1")[0] == invoke("arn:aws:lambda:us-east-1:123456789012:function:f:1")[0] == ["1", "one"]
    assert invoke(Qualifier="1")[1]["ExecutedVersion"] == "1"
    refused(
        awslambda.update_function_code,
        "InvalidParameterValueException",
        "other than $LATEST",
        FunctionName="f:1",
        ZipFile=zipped("x"),
    )


def test_publishing_again(versions, awslambda):
    """Does publishing give a new version only after a change, also with Publish at the update?"""
    from conftest import zipped

    assert awslambda.publish_version(FunctionName="f")["Version"] == "2"
    update = {"FunctionName": "f", "ZipFile": zipped(VERSION.format("three")), "Publish": True}
    assert awslambda.update_function_code(**update)["Version"] == "3"


def test_alias(versions, invoke, awslambda):
    """Does an alias lead to its version, and after a change to another?"""
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    payload, response = invoke(Qualifier="live")
    assert payload == ["1", "one"] and response["ExecutedVersion"] == "1"
    awslambda.update_alias(FunctionName="f", Name="live", FunctionVersion="2")
    assert invoke("f:live")[0] == ["2", "two"]
    awslambda.update_alias(FunctionName="f", Name="live", Description="only this")
    assert awslambda.get_alias(FunctionName="f", Name="live")["FunctionVersion"] == "2"


def test_weights(versions, invoke, awslambda):
    """Are invocations of an alias shared by weight, and is the share repeatable?"""
    weights = {"AdditionalVersionWeights": {"2": 0.3}}
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1", RoutingConfig=weights)
    seen = [invoke(Qualifier="live")[1]["ExecutedVersion"] for _ in range(200)]
    assert 40 <= seen.count("2") <= 80 and seen.count("1") + seen.count("2") == 200
    awslambda.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}})
    assert {invoke(Qualifier="live")[1]["ExecutedVersion"] for _ in range(20)} == {"2"}
    awslambda.update_alias(
        FunctionName="f", Name="live", FunctionVersion="2", RoutingConfig={"AdditionalVersionWeights": {}}
    )
    assert {invoke(Qualifier="live")[1]["ExecutedVersion"] for _ in range(20)} == {"2"}


@pytest.mark.parametrize(
    ("alias", "code", "word"),
    [
        ({"Name": "5"}, "ValidationException", "(?!^[0-9]+$)"),
        ({"FunctionVersion": "9"}, "ResourceNotFoundException", "function:f:9"),
        ({"FunctionVersion": "other"}, "ResourceNotFoundException", "function:f:other"),
        ({"weights": {"2": 1.5}}, "ValidationException", "less than or equal to 1.0"),
        ({"weights": {"2": 10}}, "ValidationException", "less than or equal to 1.0"),
        ({"weights": {"$LATEST": 0.1}}, "ValidationException", "[0-9]+"),
        ({"weights": {"2": 0.1}, "FunctionVersion": "$LATEST"}, "InvalidParameterValueException", "$LATEST"),
        ({"weights": {"1": 0.1}}, "InvalidParameterValueException", "already included"),
        ({"weights": {"9": 0.1}}, "ResourceNotFoundException", "function:f:9"),
        ({"weights": {"2": 0.1, "1": 0.1}}, "InvalidParameterValueException", "cannot be greater than 1"),
        ({"Name": "taken"}, "ResourceConflictException", "already exists"),
        ({"FunctionName": "none"}, "ResourceNotFoundException", "function:none"),
    ],
)
def test_impossible_aliases(versions, awslambda, refused, alias, code, word):
    """Is an alias that AWS refuses refused, at creation and at the change?"""
    awslambda.create_alias(FunctionName="f", Name="taken", FunctionVersion="1")
    status = {"ResourceNotFoundException": 404, "ResourceConflictException": 409}.get(code)
    weights = alias.pop("weights", None)
    more = {"RoutingConfig": {"AdditionalVersionWeights": weights}} if weights else {}
    create = {"FunctionName": "f", "Name": "live", "FunctionVersion": "1", **more, **alias}
    refused(awslambda.create_alias, code, word, status=status, **create)
    if not {"Name", "FunctionName"} & set(alias):
        refused(awslambda.update_alias, code, word, status=status, FunctionName="f", Name="taken", **more, **alias)


def test_deleting_what_an_alias_needs(versions, awslambda, refused):
    """Is a version kept while an alias points to it, and $LATEST as long as the function lives?"""
    awslambda.create_alias(
        FunctionName="f", Name="live", FunctionVersion="1", RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}}
    )
    for version in "12":
        refused(
            awslambda.delete_function,
            "ResourceConflictException",
            "function:f:live",
            status=409,
            FunctionName="f",
            Qualifier=version,
        )
    refused(awslambda.delete_function, "InvalidParameterValueException", FunctionName="f", Qualifier="$LATEST")
    awslambda.delete_alias(FunctionName="f", Name="live")
    awslambda.delete_function(FunctionName="f", Qualifier="1")


def test_missing_qualifier(versions, awslambda):
    """Is an invocation of a version that does not exist refused?"""
    with pytest.raises(awslambda.exceptions.ResourceNotFoundException):
        awslambda.invoke(FunctionName="f", Qualifier="7")


def test_aliases_of_one_version(versions, awslambda):
    """Does FunctionVersion list the aliases of that version only?"""
    for name, version in (("old", "1"), ("new", "2")):
        awslambda.create_alias(FunctionName="f", Name=name, FunctionVersion=version)
    assert len(awslambda.list_aliases(FunctionName="f")["Aliases"]) == 2
    found = awslambda.list_aliases(FunctionName="f", FunctionVersion="2")["Aliases"]
    assert [one["Name"] for one in found] == ["new"]
