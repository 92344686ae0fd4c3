"""Dashboards in the account."""

import boto3
import pytest

EMPTY = '{"widgets": []}'


@pytest.mark.parametrize(
    ("name", "body", "code", "words"),
    [
        ("my board", EMPTY, "InvalidParameterValue", "The value my board for field DashboardName contains invalid"),
        ("a" * 256, EMPTY, "InvalidParameterValue", "longer than 255"),
        ("a", "no JSON", "InvalidParameterInput", "The field DashboardBody must be a valid JSON object"),
        ("a", "{}", "InvalidParameterInput", "there is 1 validation error"),
        ("a", '{"widgets": [1, 2]}', "InvalidParameterInput", "there are 2 validation errors"),
    ],
)
def test_impossible_dashboards(cloudwatch, refused, name, body, code, words):
    """Are names and bodies refused in AWS's words?"""
    refused(cloudwatch.put_dashboard, code, words, DashboardName=name, DashboardBody=body)


def test_a_dashboard_is_seen_in_every_region(cloudwatch):
    """Does a dashboard belong to no Region?"""
    cloudwatch.put_dashboard(DashboardName="orders-1", DashboardBody=EMPTY)
    ireland = boto3.client("cloudwatch", region_name="eu-west-1")
    assert ireland.get_dashboard(DashboardName="orders-1")["DashboardBody"] == EMPTY
    assert [one["DashboardName"] for one in ireland.list_dashboards()["DashboardEntries"]] == ["orders-1"]
    ireland.delete_dashboards(DashboardNames=["orders-1"])
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


def test_an_unknown_dashboard(cloudwatch, refused):
    """Is a dashboard that is not there named, and none deleted?"""
    refused(cloudwatch.get_dashboard, "ResourceNotFound", "Dashboard b does not exist", DashboardName="b", status=404)
    cloudwatch.put_dashboard(DashboardName="a", DashboardBody=EMPTY)
    refused(cloudwatch.delete_dashboards, "ResourceNotFound", "[b]", DashboardNames=["a", "b"], status=404)
    assert cloudwatch.get_dashboard(DashboardName="a")["DashboardName"] == "a"
