"""Inspector: scans, and findings about the account."""

import boto3
import pytest


@pytest.fixture
def inspector(_fresh):
    return boto3.client("inspector2")


def status(inspector):
    (account,) = inspector.batch_get_account_status()["accounts"]
    return {name: one["status"] for name, one in account["resourceState"].items()}, account["state"]["status"]


def test_scans_are_switched_on_and_off(refused, inspector):
    """Does LAMBDA_CODE come and go with LAMBDA, and is an unknown type refused?"""
    assert status(inspector)[1] == "DISABLED"
    answer = inspector.enable(resourceTypes=["LAMBDA_CODE"])["accounts"][0]
    assert answer["resourceStatus"]["lambda"] == answer["resourceStatus"]["lambdaCode"] == "ENABLED"
    assert status(inspector)[0]["ec2"] == "DISABLED" and status(inspector)[1] == "ENABLED"
    refused(inspector.enable, "ValidationException", "'RDS'", resourceTypes=["RDS"])
    inspector.disable(resourceTypes=["LAMBDA"])
    assert status(inspector)[1] == "DISABLED"


def test_open_ports(inspector, ec2, vpc, launch):
    """Is an instance that everyone can reach by SSH found, as long as EC2 is scanned?"""
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    launch()
    exposed = launch(SecurityGroupIds=[group])
    assert inspector.list_findings()["findings"] == []
    inspector.enable(resourceTypes=["EC2"])
    (found,) = inspector.list_findings()["findings"]
    assert found["type"] == "NETWORK_REACHABILITY" and found["resources"][0]["id"] == exposed
    assert found["networkReachabilityDetails"]["openPortRange"] == {"begin": 22, "end": 22}
    again = inspector.list_findings()["findings"][0]
    assert again["findingArn"] == found["findingArn"]


CODE = 'KEY = "AKIAIOSFODNN7EXAMPLE"\n\ndef handler(event, context):\n    return eval(event["x"])\n'


def test_code_of_functions(inspector, deploy):
    """Are a key and an eval found with their lines, chosen by severity, and sorted?"""
    deploy(CODE)
    deploy("def handler(event, context):\n    return evaluate(event)\n", name="clean")
    inspector.enable(resourceTypes=["LAMBDA_CODE"])
    found = inspector.list_findings(sortCriteria={"field": "SEVERITY", "sortOrder": "ASC"})["findings"]
    lines = [(one["severity"], one["codeVulnerabilityDetails"]["filePath"]["startLine"]) for one in found]
    assert lines == [("HIGH", 4), ("CRITICAL", 1)]
    critical = {"severity": [{"comparison": "EQUALS", "value": "CRITICAL"}]}
    (one,) = inspector.list_findings(filterCriteria=critical)["findings"]
    assert one["codeVulnerabilityDetails"]["cwes"] == ["CWE-798"]
    others = {"lambdaFunctionName": [{"comparison": "NOT_EQUALS", "value": "f"}]}
    assert inspector.list_findings(filterCriteria=others)["findings"] == []
