"""Rules for instances: launch templates, Auto Scaling groups, volumes and their snapshots, sessions."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Requirement, Rule, equals, is_false, is_intrinsic, is_true, present
from pavedroad_platform.checks.rules.statements import conditions_grants, conditions_instances

_MOST_HOPS = 2  # one for the instance, and one for a container on it


def _data(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    data: Mapping[str, Any] = properties.get("LaunchTemplateData", {})
    return data


def _few_hops(value: Any) -> bool:
    return is_intrinsic(value) or value in range(1, _MOST_HOPS + 1)


def _checks(kind: str) -> Requirement:
    return lambda value: is_intrinsic(value) or kind in str(value).split(",")


_VOLUME = "LaunchTemplateData.BlockDeviceMappings.*.Ebs"
_METADATA = "LaunchTemplateData.MetadataOptions"

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-LaunchTemplate-1",
        resource_type="AWS::EC2::LaunchTemplate",
        place=f"{_METADATA}.HttpTokens",
        requires=equals("required"),
        message="gives credentials to whoever can make the instance ask for them: set HttpTokens to required",
        source="AWS Security Hub EC2.8 and EC2.170",
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-2",
        resource_type="AWS::EC2::LaunchTemplate",
        place=f"{_METADATA}.HttpPutResponseHopLimit",
        requires=_few_hops,
        message="lets credentials travel beyond the instance: set HttpPutResponseHopLimit to 1, or 2 for containers",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-3",
        resource_type="AWS::EC2::LaunchTemplate",
        place=f"{_VOLUME}.Encrypted",
        requires=is_true,
        message="makes volumes in plain text: set Encrypted",
        source="AWS Security Hub EC2.3 and EC2.181",
        when=lambda properties: "BlockDeviceMappings" in _data(properties),
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-4",
        resource_type="AWS::EC2::LaunchTemplate",
        place=f"{_VOLUME}.KmsKeyId",
        requires=present,
        message="encrypts with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
        when=lambda properties: "BlockDeviceMappings" in _data(properties),
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-5",
        resource_type="AWS::EC2::LaunchTemplate",
        place=f"{_VOLUME}.DeleteOnTermination",
        requires=is_true,
        message="leaves a volume of each instance that is replaced: set DeleteOnTermination",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html",
        when=lambda properties: "BlockDeviceMappings" in _data(properties),
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-6",
        resource_type="AWS::EC2::LaunchTemplate",
        place="LaunchTemplateData.NetworkInterfaces.*.AssociatePublicIpAddress",
        requires=is_false,
        message="gives instances public addresses: set AssociatePublicIpAddress to false",
        source="AWS Security Hub EC2.9 and EC2.25",
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-7",
        resource_type="AWS::EC2::LaunchTemplate",
        place="LaunchTemplateData.NetworkInterfaces.*.Groups",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
        when=lambda properties: "NetworkInterfaces" in _data(properties),
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-8",
        resource_type="AWS::EC2::LaunchTemplate",
        place="LaunchTemplateData.KeyName",
        requires=lambda value: value is None,
        message="lets a key pair in that belongs to no one person: leave KeyName out and use Session Manager",
        source="AWS Well-Architected SEC06-BP03",
    ),
    Rule(
        id="PavedRoad-LaunchTemplate-9",
        resource_type="AWS::EC2::LaunchTemplate",
        place="LaunchTemplateData.Monitoring.Enabled",
        requires=is_true,
        message="measures every five minutes, too seldom to scale by: set Monitoring",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
    ),
    Rule(
        id="PavedRoad-AutoScaling-1",
        resource_type="AWS::AutoScaling::AutoScalingGroup",
        place="MaxInstanceLifetime",
        requires=present,
        message="keeps instances of an old image for ever: set MaxInstanceLifetime",
        source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html",
    ),
    Rule(
        id="PavedRoad-AutoScaling-2",
        resource_type="AWS::AutoScaling::AutoScalingGroup",
        place="HealthCheckType",
        requires=_checks("EBS"),
        message="keeps instances whose volumes do not answer: name EBS in HealthCheckType",
        source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html",
    ),
    Rule(
        id="PavedRoad-AutoScaling-3",
        resource_type="AWS::AutoScaling::AutoScalingGroup",
        place="HealthCheckType",
        requires=_checks("ELB"),
        message="keeps instances that the load balancer gave up: name ELB in HealthCheckType",
        source="AWS Security Hub AutoScaling.1",
        when=lambda properties: "TargetGroupARNs" in properties,
    ),
    Rule(
        id="PavedRoad-EBS-1",
        resource_type="AWS::EC2::Volume",
        place="DeletionPolicy",
        requires=equals("Retain", "Snapshot"),
        message="loses the data with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-EBS-2",
        resource_type="AWS::EC2::Volume",
        place="KmsKeyId",
        requires=present,
        message="encrypts with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-DLM-1",
        resource_type="AWS::DLM::LifecyclePolicy",
        place="State",
        requires=equals("ENABLED"),
        message="takes no snapshots: set State to ENABLED",
        source="NIST SP 800-53 CP-9",
    ),
    Rule(
        id="PavedRoad-DLM-2",
        resource_type="AWS::DLM::LifecyclePolicy",
        place="PolicyDetails.Schedules.*.CopyTags",
        requires=is_true,
        message="makes snapshots without an owner: set CopyTags",
        source="https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html",
    ),
    *(
        Rule(
            id=f"PavedRoad-DLM-{number}",
            resource_type="AWS::DLM::LifecyclePolicy",
            place=f"PolicyDetails.Schedules.*.CrossRegionCopyRules.*.{name}",
            requires=requires,
            message=message,
            source="https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html",
            when=lambda properties: "CrossRegionCopyRules" in str(properties),
        )
        for number, (name, requires, message) in enumerate(
            (
                ("Encrypted", is_true, "copies in plain text: set Encrypted"),
                ("CmkArn", present, "encrypts copies with the key that AWS manages: name a customer managed key"),
                ("CopyTags", is_true, "makes copies without an owner: set CopyTags"),
            ),
            start=3,
        )
    ),
    Rule(
        id="PavedRoad-IAM-11",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_instances,
        message="reaches every instance, volume or snapshot: ask for a tag in the condition",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-ec2-console.html",
    ),
    Rule(
        id="PavedRoad-IAM-12",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_grants,
        message="gives the use of a key on to anybody: set kms:GrantIsForAWSResource",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/grant-authorization.html",
    ),
    *(
        Rule(
            id=f"PavedRoad-SSM-{number}",
            resource_type="AWS::SSM::Document",
            place=f"Content.inputs.{name}",
            requires=requires,
            message=message,
            source="https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html",
            when=lambda properties: properties.get("DocumentType") == "Session",
        )
        for number, (name, requires, message) in enumerate(
            (
                ("kmsKeyId", present, "opens sessions that only TLS protects: name a customer managed key"),
                ("cloudWatchLogGroupName", present, "records nothing: name a log group"),
                ("cloudWatchEncryptionEnabled", is_true, "records in plain text: set cloudWatchEncryptionEnabled"),
                ("cloudWatchStreamingEnabled", is_true, "records at the end only: set cloudWatchStreamingEnabled"),
                ("s3EncryptionEnabled", is_true, "records into any bucket: set s3EncryptionEnabled"),
                ("runAsEnabled", is_true, "gives everybody ssm-user, who may become root: set runAsEnabled"),
                ("idleSessionTimeout", present, "keeps sessions that nobody uses for long: set idleSessionTimeout"),
                ("maxSessionDuration", present, "lets sessions go on for ever: set maxSessionDuration"),
            ),
            start=1,
        )
    ),
)
