"""Hibernation."""

import pytest


@pytest.fixture
def asked(image):
    """A launch for hibernation with this root volume."""

    def asked(kind="t3.micro", **root):
        ebs = {"Encrypted": True, "VolumeSize": 30, "VolumeType": "gp3", **root}
        return {
            "ImageId": image,
            "InstanceType": kind,
            "MinCount": 1,
            "MaxCount": 1,
            "HibernationOptions": {"Configured": True},
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": ebs}],
        }

    return asked


@pytest.mark.parametrize(
    "kind, root, word",
    [
        ("t3.micro", {"Encrypted": False}, "must be encrypted"),
        ("m5.2xlarge", {"VolumeSize": 31}, "32 GiB"),
        ("m7i-flex.12xlarge", {"VolumeSize": 300}, "150 GiB"),
        ("m5.metal", {"VolumeSize": 500}, "m5.metal"),
        ("g4dn.xlarge", {"VolumeSize": 500}, "g4dn.xlarge"),
        ("t3.micro", {"VolumeType": "standard"}, "standard"),
    ],
)
def test_prerequisites(ec2, asked, refused, kind, root, word):
    """Are an open or small root volume, too much memory and other types refused?"""
    refused(ec2.run_instances, "UnsupportedHibernationConfiguration", word, **asked(kind, **root))


def test_without_hibernation_none_of_it_matters(ec2, asked):
    """Is the same launch accepted when hibernation is not asked for, or encryption is the default?"""
    wanted = asked(Encrypted=False)
    assert ec2.run_instances(**{**wanted, "HibernationOptions": {"Configured": False}})
    ec2.enable_ebs_encryption_by_default()
    del wanted["BlockDeviceMappings"]
    assert ec2.run_instances(**wanted)
    assert ec2.run_instances(**asked("m5.2xlarge", VolumeSize=32))


def test_stop_with_hibernate(ec2, asked, launch, refused):
    """Does only an instance configured at launch hibernate?"""
    plain = launch()
    (one,) = ec2.run_instances(**asked())["Instances"]
    stop, both = ec2.stop_instances, [one["InstanceId"], plain]
    refused(stop, "UnsupportedHibernationConfiguration", plain, InstanceIds=both, Hibernate=True)
    stop(InstanceIds=[one["InstanceId"]], Hibernate=True)
    (shown,) = ec2.describe_instances(InstanceIds=[one["InstanceId"]])["Reservations"][0]["Instances"]
    assert (shown["State"]["Name"], shown["StateReason"]["Code"]) == ("stopped", "Client.UserInitiatedHibernate")
    refused(
        ec2.modify_instance_attribute,
        "UnsupportedOperation",
        "hibernation",
        InstanceId=one["InstanceId"],
        InstanceType={"Value": "t3.small"},
    )
    stop(InstanceIds=[plain])
