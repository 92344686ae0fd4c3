"""From a request to its action and the ARNs of its resources."""

import pytest

from course.lab.gate import Call
from course.lab.iam import ec2_resources
from course.lab.iam import resources as iam_resources
from course.lab.iam.action_table import table

HERE = "us-east-1:123456789012"


def resources(service, operation, **params):
    call = Call(service, operation, params, "us-east-1", "123456789012")
    return iam_resources.resources_of(iam_resources.action_of(service, operation), call)


@pytest.mark.parametrize(
    "service, operation, action",
    [
        ("efs", "CreateFileSystem", "elasticfilesystem:CreateFileSystem"),
        ("elbv2", "CreateRule", "elasticloadbalancing:CreateRule"),
        ("lambda", "Invoke", "lambda:InvokeFunction"),
        ("cloudfront", "ListDistributions2020_05_31", "cloudfront:ListDistributions2020_05_31"),
        ("stepfunctions", "StartExecution", "states:StartExecution"),
        ("sqs", "SendMessageBatch", "sqs:SendMessage"),
        ("apigateway", "CreateResource", "apigateway:POST"),
        ("apigateway", "UpdateStage", "apigateway:PATCH"),
        ("apigatewayv2", "GetRoutes", "apigateway:GET"),
        ("apigateway", "CreateRoute", "apigateway:POST"),
    ],
)
def test_actions(service, operation, action):
    """Is the prefix that of policies, and are the renamed operations known?"""
    assert iam_resources.action_of(service, operation) == action


@pytest.mark.parametrize(
    "service, operation, params, arns",
    [
        ("ec2", "DescribeInstances", {"InstanceIds": ["i-0123456789abcdef0"]}, ["*"]),
        ("apigateway", "CreateRestApi", {"name": "x"}, ["arn:aws:apigateway:us-east-1::/restapis"]),
        (
            "apigateway",
            "CreateResource",
            {"restApiId": "a", "parentId": "b", "pathPart": "c"},
            ["arn:aws:apigateway:us-east-1::/restapis/a/resources/b"],
        ),
        ("apigatewayv2", "GetRoutes", {"ApiId": "a"}, ["arn:aws:apigateway:us-east-1::/apis/a/routes"]),
        (
            "ec2",
            "CreateSnapshot",
            {"VolumeId": "vol-0123456789abcdef0"},
            ["arn:aws:ec2:us-east-1::snapshot/*", f"arn:aws:ec2:{HERE}:volume/vol-0123456789abcdef0"],
        ),
        (
            "ec2",
            "CreateTags",
            {"Resources": ["ami-0123456789abcdef0"]},
            ["arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0"],
        ),
        ("sns", "Publish", {"TopicArn": f"arn:aws:sns:{HERE}:t"}, [f"arn:aws:sns:{HERE}:t"]),
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/q"},
            ["arn:aws:sqs:us-east-1:111122223333:q"],
        ),
        ("lambda", "Invoke", {"FunctionName": "f", "Qualifier": "live"}, [f"arn:aws:lambda:{HERE}:function:f:live"]),
        ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}, [f"arn:aws:dynamodb:{HERE}:table/t/index/i"]),
        (
            "ssm",
            "GetParameters",
            {"Names": ["/a", "b"]},
            [f"arn:aws:ssm:{HERE}:parameter/a", f"arn:aws:ssm:{HERE}:parameter/b"],
        ),
        ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::111122223333:role/x"}, ["arn:aws:iam::111122223333:role/x"]),
        ("glue", "GetJob", {"JobName": "x"}, ["*"]),
    ],
)
def test_resources(service, operation, params, arns):
    """Are they those of the Service Authorization Reference, and "*" for what is not covered?"""
    assert sorted(resources(service, operation, **params)) == sorted(arns)


def test_every_ec2_id_has_an_arn():
    """Is each type that an id can show in the table?"""
    types = table()["ec2"]["types"]
    assert set(ec2_resources._EC2_IDS.values()) <= set(types)
