from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import InstanceFleet, SessionAccess, SnapshotSchedule, Volume
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ec2.instance_fleet_alarms import InstanceFleetAlarmThresholds
from pavedroad.compute.ec2.patching import InstancePatching
from pavedroad.compute.ec2.rollout import InstanceRollout
from pavedroad.compute.ec2.scaling import InstanceScaling, ScheduledSize, SpotShare
from pavedroad.compute.ec2.volumes import InstanceVolume

Findings = Callable[[cdk.Stack], list[str]]


def vpc_in(scope: cdk.Stack) -> ec2.IVpc:
    zones = ["eu-west-1a", "eu-west-1b"]
    tiers: dict[str, Any] = {
        "public_subnet_ids": ["subnet-p1", "subnet-p2"],
        "public_subnet_route_table_ids": ["rtb-p1", "rtb-p2"],
        "private_subnet_ids": ["subnet-1", "subnet-2"],
        "private_subnet_route_table_ids": ["rtb-1", "rtb-2"],
    }
    return ec2.Vpc.from_vpc_attributes(
        scope, "Vpc", vpc_id="vpc-1", vpc_cidr_block="10.0.0.0/16", availability_zones=zones, **tiers
    )


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return vpc_in(stack)


def only(template: Template, resource_type: str) -> dict[str, Any]:
    (resource,) = template.find_resources(resource_type).values()
    found: dict[str, Any] = resource["Properties"]
    return found


def launch_data(template: Template) -> dict[str, Any]:
    data: dict[str, Any] = only(template, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    return data


def group(template: Template) -> dict[str, Any]:
    return only(template, "AWS::AutoScaling::AutoScalingGroup")


def user_data(template: Template) -> str:
    return str(launch_data(template)["UserData"])


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_credentials_are_given_by_tokens_that_do_not_leave_the_instance(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        assert launch_data(Template.from_stack(stack))["MetadataOptions"] == {
            "HttpEndpoint": "enabled",
            "HttpPutResponseHopLimit": 1,
            "HttpTokens": "required",
        }

    def test_nobody_enters_by_a_key_pair_or_a_public_address(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        assert "KeyName" not in launch_data(template)
        (interface,) = launch_data(template)["NetworkInterfaces"]
        assert interface["AssociatePublicIpAddress"] is False
        assert "SecurityGroupIngress" not in only(template, "AWS::EC2::SecurityGroup")
        assert group(template)["VPCZoneIdentifier"] == ["subnet-1", "subnet-2"]

    def test_connects_by_https_only(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        (rule,) = only(Template.from_stack(stack), "AWS::EC2::SecurityGroup")["SecurityGroupEgress"]
        assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)

    def test_volumes_are_encrypted_with_a_rotated_key_that_auto_scaling_may_use(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        (volume,) = launch_data(template)["BlockDeviceMappings"]
        assert volume["DeviceName"] == "/dev/xvda"
        assert volume["Ebs"]["Encrypted"] is True
        assert volume["Ebs"]["VolumeType"] == "gp3"
        assert volume["Ebs"]["KmsKeyId"] == {"Fn::GetAtt": ["FleetKey3D2DECCD", "Arn"]}
        key = only(template, "AWS::KMS::Key")
        assert key["EnableKeyRotation"] is True
        by_sid = {each.get("Sid"): each for each in key["KeyPolicy"]["Statement"]}
        for sid in ("AutoScaling", "AutoScalingVolumes"):
            condition = by_sid[sid]["Condition"]
            assert condition["StringEquals"]["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
            assert "AWSServiceRoleForAutoScaling" in str(condition["StringEquals"]["aws:PrincipalArn"])
        assert by_sid["AutoScalingVolumes"]["Action"] == "kms:CreateGrant"
        assert by_sid["AutoScalingVolumes"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}

    def test_the_image_is_the_latest_amazon_linux_at_each_launch(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        latest = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
        assert launch_data(template)["ImageId"] == f"resolve:ssm:{latest}"
        assert template.to_json().get("Parameters", {}).keys() <= {"BootstrapVersion"}

    def test_several_types_on_demand_in_order(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        policy = group(Template.from_stack(stack))["MixedInstancesPolicy"]
        types = [each["InstanceType"] for each in policy["LaunchTemplate"]["Overrides"]]
        assert types == ["m7i.large", "m6i.large", "m6a.large"]
        assert policy["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] == 100
        assert policy["InstancesDistribution"]["OnDemandAllocationStrategy"] == "prioritized"

    def test_scales_from_two_to_six_and_a_deployment_does_not_set_it_back(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        assert (group(template)["MinSize"], group(template)["MaxSize"]) == ("2", "6")
        assert "DesiredCapacity" not in group(template)
        assert only(template, "AWS::AutoScaling::ScalingPolicy")["TargetTrackingConfiguration"] == {
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 60,
        }

    def test_is_measured_each_minute_and_replaced_when_ill_or_old(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        assert launch_data(template)["Monitoring"] == {"Enabled": True}
        assert group(template)["MetricsCollection"] == [{"Granularity": "1Minute"}]
        assert group(template)["HealthCheckType"] == "EBS"
        assert group(template)["MaxInstanceLifetime"] == 30 * 24 * 3600
        assert group(template)["InstanceMaintenancePolicy"] == {
            "MinHealthyPercentage": 100,
            "MaxHealthyPercentage": 110,
        }

    def test_a_deployment_waits_for_each_new_instance_to_say_that_it_is_ready(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        (resource,) = template.find_resources("AWS::AutoScaling::AutoScalingGroup").values()
        assert resource["CreationPolicy"]["ResourceSignal"] == {"Count": 2, "Timeout": "PT15M"}
        update = resource["UpdatePolicy"]["AutoScalingRollingUpdate"]
        assert (update["MaxBatchSize"], update["MinInstancesInService"]) == (1, 2)
        assert (update["WaitOnResourceSignals"], update["PauseTime"]) == (True, "PT15M")
        (logical_id,) = template.find_resources("AWS::AutoScaling::AutoScalingGroup")
        # The name of the stack at deployment, for a product gets another than at synthesis.
        assert "/opt/aws/bin/cfn-signal --stack ', {'Ref': 'AWS::StackName'}" in user_data(template)
        assert f"--resource {logical_id} " in user_data(template)

    def test_is_patched_every_week(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        (logical_id,) = template.find_resources("AWS::AutoScaling::AutoScalingGroup")
        association = only(template, "AWS::SSM::Association")
        assert association["Name"] == "AWS-RunPatchBaseline"
        assert association["Parameters"] == {"Operation": ["Install"], "RebootOption": ["RebootIfNeeded"]}
        assert association["ScheduleExpression"] == "cron(0 3 ? * SUN *)"
        assert association["Targets"] == [{"Key": "tag:aws:autoscaling:groupName", "Values": [{"Ref": logical_id}]}]

    def test_logs_go_to_an_encrypted_log_group_that_stays(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        template.has_resource(
            "AWS::Logs::LogGroup",
            {
                "DeletionPolicy": "Retain",
                "Properties": {"RetentionInDays": 365, "KmsKeyId": {"Fn::GetAtt": ["FleetKey3D2DECCD", "Arn"]}},
            },
        )
        assert "/var/log/audit/audit.log" in user_data(template)
        assert "dnf install -y amazon-cloudwatch-agent" in user_data(template)

    def test_the_role_reads_no_parameters_and_no_buckets(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        template = Template.from_stack(stack)
        actions = {
            action
            for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else list(statement["Action"]))
        }
        assert "ssmmessages:OpenDataChannel" in actions
        assert not any("*" in action for action in actions)
        assert not any(action.startswith(("ssm:GetParameter", "s3:", "kms:", "ec2:")) for action in actions)
        assert "ManagedPolicyArns" not in only(template, "AWS::IAM::Role")

    def test_packs_find_nothing(self, stack: cdk.Stack, vpc: ec2.IVpc, pack_findings: Findings) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc)
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestOptions:
    @pytest.mark.parametrize(
        ("image", "expected"),
        [
            ("ami-0123456789abcdef0", "ami-0123456789abcdef0"),
            ("/pavedroad/images/base", "resolve:ssm:/pavedroad/images/base"),
        ],
    )
    def test_image(self, stack: cdk.Stack, vpc: ec2.IVpc, image: str, expected: str) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, image=image)
        assert launch_data(Template.from_stack(stack))["ImageId"] == expected

    def test_arm(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, architecture=ec2.InstanceArchitecture.ARM_64)
        data = launch_data(Template.from_stack(stack))
        assert data["ImageId"].endswith("al2023-ami-kernel-default-arm64")
        assert data["InstanceType"] == "m7g.large"

    def test_instance_types(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, instance_types=["c7i.xlarge", "c6i.xlarge"])
        template = Template.from_stack(stack)
        assert launch_data(template)["InstanceType"] == "c7i.xlarge"
        assert len(group(template)["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]) == 2

    def test_user_data_and_log_files(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, user_data=["dnf install -y nginx"], log_files=["/var/log/nginx.log"])
        text = user_data(Template.from_stack(stack))
        assert "set -euo pipefail" in text
        assert text.index("fetch-config") < text.index("dnf install -y nginx")
        assert "{instance_id}/var/log/nginx.log" in text

    def test_volumes(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        data_volume = InstanceVolume(device_name="/dev/sdf", size_gib=100, iops=4000, throughput_mibps=500)
        InstanceFleet(stack, "Fleet", vpc=vpc, volumes=[InstanceVolume(size_gib=30), data_volume])
        root, data = launch_data(Template.from_stack(stack))["BlockDeviceMappings"]
        assert root["Ebs"]["VolumeSize"] == 30
        assert data["DeviceName"] == "/dev/sdf"
        assert (data["Ebs"]["Iops"], data["Ebs"]["Throughput"], data["Ebs"]["Encrypted"]) == (4000, 500, True)

    def test_schedules_in_and_out(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        scaling = InstanceScaling(
            schedules=[
                ScheduledSize(name="Morning", cron="0 7 * * *", min_instances=4, time_zone="Europe/Berlin"),
                ScheduledSize(name="Evening", cron="0 19 * * *", min_instances=2, max_instances=3),
            ]
        )
        InstanceFleet(stack, "Fleet", vpc=vpc, scaling=scaling)
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::AutoScaling::ScheduledAction",
            {"Recurrence": "0 7 * * *", "MinSize": 4, "MaxSize": Match.absent(), "TimeZone": "Europe/Berlin"},
        )
        template.has_resource_properties(
            "AWS::AutoScaling::ScheduledAction", {"Recurrence": "0 19 * * *", "MinSize": 2, "MaxSize": 3}
        )

    def test_without_a_cpu_target(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, scaling=InstanceScaling(cpu_percent=None))
        Template.from_stack(stack).resource_count_is("AWS::AutoScaling::ScalingPolicy", 0)

    def test_a_share_on_spot_is_replaced_before_it_is_taken_away(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, spot=SpotShare(on_demand_base=1, spot_percent=70))
        properties = group(Template.from_stack(stack))
        assert properties["CapacityRebalance"] is True
        assert properties["MixedInstancesPolicy"]["InstancesDistribution"] == {
            "OnDemandAllocationStrategy": "prioritized",
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": 30,
            "SpotAllocationStrategy": "price-capacity-optimized",
        }

    def test_rollout(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        rollout = InstanceRollout(
            max_batch_size=3, signal_timeout=cdk.Duration.minutes(30), max_instance_lifetime=cdk.Duration.days(7)
        )
        InstanceFleet(stack, "Fleet", vpc=vpc, rollout=rollout)
        template = Template.from_stack(stack)
        (resource,) = template.find_resources("AWS::AutoScaling::AutoScalingGroup").values()
        assert resource["UpdatePolicy"]["AutoScalingRollingUpdate"]["MaxBatchSize"] == 3
        assert resource["CreationPolicy"]["ResourceSignal"]["Timeout"] == "PT30M"
        assert resource["Properties"]["MaxInstanceLifetime"] == 7 * 24 * 3600

    def test_a_fleet_of_fixed_size_gives_one_up_while_it_is_replaced(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, scaling=InstanceScaling(min_instances=3, max_instances=3))
        (resource,) = Template.from_stack(stack).find_resources("AWS::AutoScaling::AutoScalingGroup").values()
        assert resource["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == 2

    def test_patching(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        patching = InstancePatching(schedule="rate(7 days)", reboot=False, max_concurrency="1", max_errors="0")
        InstanceFleet(stack, "Fleet", vpc=vpc, patching=patching)
        association = only(Template.from_stack(stack), "AWS::SSM::Association")
        assert association["Parameters"]["RebootOption"] == ["NoReboot"]
        assert association["ApplyOnlyAtCronInterval"] is False
        assert (association["MaxConcurrency"], association["MaxErrors"]) == ("1", "0")

    def test_a_topic_hears_of_every_launch_and_its_key_admits_auto_scaling(
        self, stack: cdk.Stack, vpc: ec2.IVpc, pack_findings: Findings
    ) -> None:
        topic_key = kms.Key(stack, "TopicKey", enable_key_rotation=True)
        topic = sns.Topic(stack, "Topic", master_key=topic_key, enforce_ssl=True)
        InstanceFleet(stack, "Fleet", vpc=vpc, notification_topic=topic)
        template = Template.from_stack(stack)
        (notification,) = group(template)["NotificationConfigurations"]
        assert notification["TopicARN"] == {"Ref": "TopicBFC7AF6E"}
        assert len(notification["NotificationTypes"]) == 4
        logical_id = stack.resolve(topic_key.key_arn)["Fn::GetAtt"][0]
        statements = template.to_json()["Resources"][logical_id]["Properties"]["KeyPolicy"]["Statement"]
        assert "AutoScaling" in [each.get("Sid") for each in statements]
        assert pack_findings(stack) == []

    def test_a_given_key(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc, encryption_key=key)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 0)
        (volume,) = launch_data(template)["BlockDeviceMappings"]
        assert volume["Ebs"]["KmsKeyId"] == key.key_arn
        assert fleet.encryption_key is key

    def test_instances_and_volumes_carry_the_tag_of_their_fleet(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        ((key, value),) = fleet.tags.items()
        tag = {"Key": key, "Value": stack.resolve(value)}
        by_type = {
            each["ResourceType"]: each["Tags"] for each in launch_data(Template.from_stack(stack))["TagSpecifications"]
        }
        assert tag in by_type["instance"]
        assert tag in by_type["volume"]


class TestLoadBalancing:
    @staticmethod
    def _target_group(stack: cdk.Stack, vpc: ec2.IVpc) -> elbv2.ApplicationTargetGroup:
        balancer = elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=vpc, internet_facing=False)
        target_group = elbv2.ApplicationTargetGroup(
            stack, "Targets", vpc=vpc, port=8080, target_type=elbv2.TargetType.INSTANCE
        )
        balancer.add_listener("Listener", port=80, open=False, default_target_groups=[target_group])
        return target_group

    def test_the_load_balancer_decides_who_is_healthy_and_reaches_the_instances(
        self, stack: cdk.Stack, vpc: ec2.IVpc
    ) -> None:
        target_group = self._target_group(stack, vpc)
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        fleet.attach_to_target_group(target_group)
        template = Template.from_stack(stack)
        assert group(template)["HealthCheckType"] == "EBS,ELB"
        assert group(template)["TargetGroupARNs"] == [stack.resolve(target_group.target_group_arn)]
        template.has_resource_properties(
            "AWS::EC2::SecurityGroupIngress",
            {
                "FromPort": 8080,
                "ToPort": 8080,
                "GroupId": stack.resolve(fleet.security_group.security_group_id),
            },
        )

    def test_scales_on_requests(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        target_group = self._target_group(stack, vpc)
        InstanceFleet(stack, "Fleet", vpc=vpc).attach_to_target_group(target_group, requests_per_target=600)
        Template.from_stack(stack).has_resource_properties(
            "AWS::AutoScaling::ScalingPolicy",
            {
                "TargetTrackingConfiguration": {
                    "PredefinedMetricSpecification": Match.object_like(
                        {"PredefinedMetricType": "ALBRequestCountPerTarget"}
                    ),
                    "TargetValue": 600,
                }
            },
        )

    def test_no_requests_are_refused(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        with pytest.raises(InvalidArgumentsError, match="requests_per_target=0: must be from 1 to 1000000"):
            fleet.attach_to_target_group(self._target_group(stack, vpc), requests_per_target=0)


class TestGrantsAndConnections:
    def test_grants_stand_in_a_policy_of_their_own(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        sns.Topic(stack, "Topic").grant_publish(fleet)
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": [{"Action": "sns:Publish", "Effect": "Allow", "Resource": {"Ref": "TopicBFC7AF6E"}}],
                    "Version": "2012-10-17",
                }
            },
        )

    def test_sessions_volumes_and_snapshots_go_by_the_tags_of_the_fleet(
        self, stack: cdk.Stack, vpc: ec2.IVpc, pack_findings: Findings
    ) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        SessionAccess(stack, "Sessions").grant_record(fleet)
        SnapshotSchedule(stack, "Snapshots", target_tags=fleet.tags)
        volume = Volume(stack, "Volume", availability_zone="eu-west-1a", size_gib=10)
        volume.grant_attach(fleet, instance_tags=fleet.tags)
        fleet_tag = {"aws:ResourceTag/pavedroad:fleet": stack.resolve(fleet.fleet_name)}
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": Match.array_with([Match.object_like({"Condition": {"StringEquals": fleet_tag}})])
                },
                "Roles": [stack.resolve(fleet.role.role_name)],
            },
        )
        assert pack_findings(stack) == []

    def test_connections(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        other = ec2.SecurityGroup(stack, "Other", vpc=vpc, allow_all_outbound=False)
        fleet.connections.allow_to(other, ec2.Port.tcp(15432), "Database")
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::EC2::SecurityGroupEgress", {"FromPort": 15432})
        template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"FromPort": 15432})


class TestAlarms:
    def test_watch_load_disks_checks_and_size(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        topic = sns.Topic(stack, "Topic")
        alarms = fleet.add_alarms(topic, InstanceFleetAlarmThresholds(disk_percent=70))
        template = Template.from_stack(stack)
        assert [alarm.node.id for alarm in alarms] == [
            "CpuAlarm",
            "MemoryAlarm",
            "DiskAlarm",
            "StatusChecksAlarm",
            "InServiceAlarm",
        ]
        for name, namespace, threshold in (
            ("CPUUtilization", "AWS/EC2", 85),
            ("mem_used_percent", "CWAgent", 85),
            ("disk_used_percent", "CWAgent", 70),
            ("StatusCheckFailed", "AWS/EC2", 0),
            ("GroupInServiceInstances", "AWS/AutoScaling", 2),
        ):
            template.has_resource_properties(
                "AWS::CloudWatch::Alarm",
                {
                    "MetricName": name,
                    "Namespace": namespace,
                    "Threshold": threshold,
                    "AlarmActions": [stack.resolve(topic.topic_arn)],
                },
            )

    def test_the_agent_writes_what_the_alarms_read(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        dimensions = fleet.metric_disk_used().to_metric_config().metric_stat
        assert dimensions is not None
        assert dimensions.dimensions is not None
        assert [(each.name, each.value) for each in dimensions.dimensions] == [("Fleet", fleet.fleet_name)]
        text = user_data(Template.from_stack(stack))
        assert '"append_dimensions": {"Fleet": "' in text
        assert stack.resolve(fleet.fleet_name)["Fn::Join"][1][1] in text


class TestWeakenedDefaults:
    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"scaling": InstanceScaling(min_instances=1)}, "pavedroad:fleet-single-instance"),
            ({"allow_all_outbound": True}, "pavedroad:fleet-all-outbound"),
            ({"patching": InstancePatching(operation="Scan")}, "pavedroad:fleet-not-patched"),
        ],
    )
    def test_leave_a_warning(self, stack: cdk.Stack, vpc: ec2.IVpc, arguments: dict[str, Any], warning: str) -> None:
        InstanceFleet(stack, "Fleet", vpc=vpc, **arguments)
        assert [warning in text for text in warnings(stack)] == [True]


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"image": "ubuntu latest"}, "image='ubuntu latest': must be the id of an image"),
            ({"instance_types": ["m7i.large"]}, r"instance_types=\['m7i.large'\]: must be two or more"),
            ({"instance_types": ["m7i.large", "big"]}, "instance_types='big': must be an instance type"),
            (
                {"instance_types": ["m7i.large", "m7g.large"]},
                r"instance_types=\['m7g.large'\]: must be of the architecture X86_64",
            ),
            ({"user_data": ["ls", "export K=AKIAABCDEFGHIJKLMNOP"]}, "user_data='line 2': must hold no secrets"),
            ({"log_files": ["messages"]}, "log_files='messages': must be the absolute path"),
            ({"volumes": []}, r"volumes=\[\]: must have a device name each, and be one at least"),
            (
                {"volumes": [InstanceVolume()] * 2},
                r"volumes=\['/dev/xvda', '/dev/xvda'\]: must have a device name each",
            ),
            (
                {"volumes": [InstanceVolume(device_name="xvda")]},
                r"volumes\[0\].device_name='xvda': must be a device",
            ),
            ({"volumes": [InstanceVolume(size_gib=0)]}, r"volumes\[0\].size_gib=0: must be from 1 to 65536"),
            ({"scaling": InstanceScaling(min_instances=0)}, "scaling.min_instances=0: must be from 1 to 1000"),
            (
                {"scaling": InstanceScaling(min_instances=4, max_instances=3)},
                "scaling.max_instances=3: must be from 4 to 1000",
            ),
            ({"scaling": InstanceScaling(cpu_percent=0)}, "scaling.cpu_percent=0: must be from 1 to 100"),
            (
                {"scaling": InstanceScaling(schedules=[ScheduledSize(name="Night", cron="daily", min_instances=1)])},
                r"scaling.schedules\[Night\].cron='daily': must be five fields",
            ),
            (
                {"scaling": InstanceScaling(schedules=[ScheduledSize(name="Night", cron="0 1 * * *")])},
                r"scaling.schedules\[Night\].min_instances=None: give it or max_instances",
            ),
            ({"spot": SpotShare(spot_percent=101)}, "spot.spot_percent=101: must be from 0 to 100"),
            ({"spot": SpotShare(on_demand_base=-1)}, "spot.on_demand_base=-1: must be from 0 to 1000"),
            ({"rollout": InstanceRollout(max_batch_size=0)}, "rollout.max_batch_size=0: must be from 1 to 100"),
            (
                {"rollout": InstanceRollout(min_healthy_percent=50, max_healthy_percent=160)},
                "rollout.max_healthy_percent=160: must be from 100 to 150",
            ),
            (
                {"rollout": InstanceRollout(signal_timeout=cdk.Duration.minutes(1))},
                r"rollout.signal_timeout \(minutes\)=1: must be from 5 to 720",
            ),
            (
                {"rollout": InstanceRollout(max_instance_lifetime=cdk.Duration.days(400))},
                r"rollout.max_instance_lifetime \(days\)=400: must be from 1 to 365",
            ),
            ({"patching": InstancePatching(schedule="sundays")}, "patching.schedule='sundays': must be a schedule"),
            ({"patching": InstancePatching(operation="None")}, "patching.operation='None': must be one of Install, Sc"),
            ({"patching": InstancePatching(max_concurrency="0")}, "patching.max_concurrency='0': must be a number or"),
            ({"patching": InstancePatching(max_errors="many")}, "patching.max_errors='many': must be a number or"),
            (
                {"vpc_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)},
                "vpc_subnets='Stack/Vpc': must not be public",
            ),
            (
                {"vpc_subnets": ec2.SubnetSelection(availability_zones=["eu-west-1a"])},
                "vpc_subnets='Stack/Vpc': must be in two zones or more",
            ),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, vpc: ec2.IVpc, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            InstanceFleet(stack, "Fleet", vpc=vpc, **arguments)

    def test_are_told_at_once(self, stack: cdk.Stack, vpc: ec2.IVpc) -> None:
        with pytest.raises(InvalidArgumentsError, match=r"image=.*; instance_types=.*; spot.spot_percent="):
            InstanceFleet(stack, "Fleet", vpc=vpc, image="?", instance_types=[], spot=SpotShare(spot_percent=-1))


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("name", "value", "promise"),
        [
            (
                "metadata_options",
                ec2.CfnLaunchTemplate.MetadataOptionsProperty(http_tokens="optional", http_put_response_hop_limit=1),
                "gives credentials to its instances by IMDSv2 only; its MetadataOptions were weakened",
            ),
            (
                "metadata_options",
                ec2.CfnLaunchTemplate.MetadataOptionsProperty(http_tokens="required", http_put_response_hop_limit=3),
                "gives credentials to its instances by IMDSv2 only",
            ),
            ("key_name", "operators", "is entered by Session Manager only; its launch template has a KeyName"),
            (
                "network_interfaces",
                [ec2.CfnLaunchTemplate.NetworkInterfaceProperty(associate_public_ip_address=True)],
                "has no public addresses; its network interface may get one",
            ),
            (
                "block_device_mappings",
                [
                    ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
                        ebs=ec2.CfnLaunchTemplate.EbsProperty(encrypted=False)
                    )
                ],
                "is encrypted at rest; a volume of its launch template is not",
            ),
        ],
    )
    def test_in_the_launch_template(
        self, stack: cdk.Stack, vpc: ec2.IVpc, name: str, value: object, promise: str
    ) -> None:
        fleet = InstanceFleet(stack, "Fleet", vpc=vpc)
        resource = fleet.launch_template.node.default_child
        assert isinstance(resource, ec2.CfnLaunchTemplate)
        kept = {
            "metadata_options": ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                http_tokens="required", http_put_response_hop_limit=1
            ),
            "network_interfaces": [ec2.CfnLaunchTemplate.NetworkInterfaceProperty(associate_public_ip_address=False)],
            "block_device_mappings": [
                ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
                    ebs=ec2.CfnLaunchTemplate.EbsProperty(encrypted=True, kms_key_id="key")
                )
            ],
        }
        resource.launch_template_data = ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(**(kept | {name: value}))
        with pytest.raises(RuntimeError, match=f"InstanceFleet {promise}") as caught:
            Template.from_stack(stack)
        assert str(caught.value).count("InstanceFleet ") == 1


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    def number(name: str) -> int:
        return cdk.CfnParameter(product, name, type="Number").value_as_number  # type: ignore[return-value]

    InstanceFleet(
        product,
        "Fleet",
        vpc=vpc_in(product),
        image=text("Image"),
        instance_types=[text("Type"), "m6i.large"],
        volumes=[InstanceVolume(size_gib=number("Size"))],
        scaling=InstanceScaling(min_instances=number("Min"), max_instances=number("Max"), cpu_percent=number("Cpu")),
        spot=SpotShare(on_demand_base=number("Base")),
        patching=InstancePatching(schedule=text("Schedule"), operation=text("Operation")),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
    )
    resources = product_template()["Resources"].values()
    (data,) = [each["Properties"] for each in resources if each["Type"] == "AWS::EC2::LaunchTemplate"]
    assert data["LaunchTemplateData"]["ImageId"] == {"Fn::Join": ["", ["resolve:ssm:", {"Ref": "Image"}]]}
    (fleet,) = [each for each in resources if each["Type"] == "AWS::AutoScaling::AutoScalingGroup"]
    assert fleet["Properties"]["MinSize"] == {"Ref": "Min"}
    assert fleet["CreationPolicy"]["ResourceSignal"]["Count"] == {"Ref": "Min"}
    assert fleet["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == 1
    assert not any(each["Type"].startswith(("Custom::", "AWS::Lambda")) for each in resources)


def test_logical_ids_of_what_holds_data_are_a_contract(stack: cdk.Stack, vpc: ec2.IVpc) -> None:
    InstanceFleet(stack, "Fleet", vpc=vpc)
    resources = Template.from_stack(stack).to_json()["Resources"]
    kept = {name for name, resource in resources.items() if resource.get("DeletionPolicy") == "Retain"}
    assert kept == {"FleetKey3D2DECCD", "FleetLogs3FD61FFB"}
