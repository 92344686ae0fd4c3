"""Identifiers repeat."""

import os
import subprocess
import sys

import boto3

from course import lab

SCRIPT = """
import json, boto3
from course import lab
lab.start(seed=7)
ec2, efs, iam, s3 = (boto3.client(n) for n in ('ec2', 'efs', 'iam', 's3'))
vpcs = [boto3.client('ec2', region_name=r).describe_vpcs()['Vpcs'][0]['VpcId'] for r in ('us-east-1', 'eu-west-1')]
subnets = [s['SubnetId'] for s in ec2.describe_subnets()['Subnets']]
images = [(i['ImageId'], i['BlockDeviceMappings'][0]['Ebs']['SnapshotId']) for i in ec2.describe_images()['Images']]
group = ec2.create_security_group(GroupName='web', Description='web')['GroupId']
run = ec2.run_instances(ImageId=images[0][0], InstanceType='t3.micro', MinCount=2, MaxCount=2, SecurityGroupIds=[group])
volume = ec2.create_volume(AvailabilityZone='us-east-1a', Size=4, Encrypted=True)
snapshot = ec2.create_snapshot(VolumeId=volume['VolumeId'])['SnapshotId']
ami = ec2.create_image(InstanceId=run['Instances'][0]['InstanceId'], Name='web')['ImageId']
fs = efs.create_file_system(CreationToken='a')['FileSystemId']
target = efs.create_mount_target(FileSystemId=fs, SubnetId=subnets[0], SecurityGroups=[group])
rule = boto3.client('rbin').create_rule(ResourceType='EBS_SNAPSHOT', RetentionPeriod={'RetentionPeriodValue': 7, 'RetentionPeriodUnit': 'DAYS'})
user = iam.create_user(UserName='ada')['User']['UserId']
key = iam.create_access_key(UserName='ada')['AccessKey']['AccessKeyId']
alb = boto3.client('elbv2').create_load_balancer(Name='a', Subnets=subnets[:2])['LoadBalancers'][0]['LoadBalancerArn']
volumes = [(v['VolumeId'], v.get('KmsKeyId')) for v in ec2.describe_volumes()['Volumes']]
interfaces = [(n['NetworkInterfaceId'], n['PrivateIpAddress'], n['MacAddress']) for n in ec2.describe_network_interfaces()['NetworkInterfaces']]
print(json.dumps([vpcs, subnets, images, group, [(i['InstanceId'], i['PrivateIpAddress']) for i in run['Instances']], volume['VolumeId'],
                  snapshot, ami, fs, target['MountTargetId'], target['IpAddress'], rule['Identifier'], user, key, alb, volumes, interfaces]))
"""


def _in_fresh_interpreter(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, env=environment, check=True
    ).stdout


def test_two_interpreters_agree():
    """Do the same calls give the same ids in another process, whatever its hash seed?"""
    assert _in_fresh_interpreter("1") == _in_fresh_interpreter("2")


def test_reset_begins_again(volume):
    """Do ids after a reset equal those before, and differ with another seed?"""
    first = [volume(), volume()]
    lab.reset()
    assert [volume(), volume()] == first
    lab.reset(seed=1)
    assert volume() not in first


def test_looking_changes_no_id(ec2, volume, refused):
    """Are ids the same when describe calls, refusals and another Region's first look come in between?"""
    first = volume()
    lab.reset()
    ec2.describe_instances()
    boto3.client("ec2", region_name="ap-south-1").describe_vpcs()
    refused(ec2.create_volume, "InvalidZone.NotFound", AvailabilityZone="us-east-1z", Size=1)
    assert volume() == first


def test_default_vpc_does_not_depend_on_order():
    """Is a Region's default VPC the same whichever Region is looked at first?"""

    def look(regions):
        lab.reset()
        return {r: boto3.client("ec2", region_name=r).describe_vpcs()["Vpcs"][0]["VpcId"] for r in regions}

    assert look(["us-east-1", "eu-west-1"]) == look(["eu-west-1", "us-east-1"])
