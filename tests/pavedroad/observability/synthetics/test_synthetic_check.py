from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import ServiceDashboard, SyntheticCheck
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow
from pavedroad.observability.synthetics.scripts import CanaryScript
from pavedroad.observability.synthetics.synthetic_check import SyntheticCheckAlarmThresholds

URL = "https://orders.example.com/health"
Findings = Callable[[cdk.Stack], list[str]]


def make(scope: cdk.Stack, **arguments: Any) -> SyntheticCheck:
    return SyntheticCheck(scope, "Check", **{"url": URL, **arguments})


def canary(stack: cdk.Stack) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources("AWS::Synthetics::Canary").values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
        public_subnet_ids=["subnet-3", "subnet-4"],
    )


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    return [statement for each in policies for statement in each["Properties"]["PolicyDocument"]["Statement"]]


class TestDefaultShape:
    def test_asks_the_url_every_five_minutes_with_the_newest_runtime(self, stack: cdk.Stack) -> None:
        make(stack)
        found = canary(stack)
        assert found["Schedule"] == {"Expression": "rate(5 minutes)", "RetryConfig": {"MaxRetries": 1}}
        assert found["RunConfig"] == {
            "TimeoutInSeconds": 60,
            "ActiveTracing": False,
            "EnvironmentVariables": {"CHECKED_URL": URL},
        }
        assert found["RuntimeVersion"] == "syn-nodejs-puppeteer-17.0"
        assert found["StartCanaryAfterCreation"] is True
        assert found["Code"]["Handler"] == "index.handler"
        assert "process.env.CHECKED_URL" in found["Code"]["Script"]
        assert URL not in found["Code"]["Script"]

    def test_its_script_takes_the_module_by_the_name_that_this_runtime_has(self, stack: cdk.Stack) -> None:
        make(stack)
        assert "require('@aws/synthetics-puppeteer')" in canary(stack)["Code"]["Script"]

    def test_its_runtime_is_no_older_than_the_newest_of_the_cdk(self, stack: cdk.Stack) -> None:
        from aws_cdk import aws_synthetics as synthetics

        newer = [name for name in dir(synthetics.Runtime) if name.startswith("SYNTHETICS_NODEJS_PUPPETEER_")]
        versions = [tuple(map(int, name.removeprefix("SYNTHETICS_NODEJS_PUPPETEER_").split("_"))) for name in newer]
        make(stack)
        used = canary(stack)["RuntimeVersion"].removeprefix("syn-nodejs-puppeteer-")
        assert tuple(map(int, used.split("."))) >= max(versions)

    def test_artefacts_and_variables_are_encrypted_with_its_own_rotated_key(self, stack: cdk.Stack) -> None:
        check = make(stack)
        key = stack.resolve(check.encryption_key.key_arn)
        found = canary(stack)
        assert found["ArtifactConfig"] == {"S3Encryption": {"EncryptionMode": "SSE_KMS", "KmsKeyArn": key}}
        assert found["KmsKeyArn"] == key
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_artefacts_are_kept_for_31_days_in_a_bucket_of_its_own(self, stack: cdk.Stack) -> None:
        check = make(stack)
        rule = {"Id": "expire-artifacts", "ExpirationInDays": 31, "Status": "Enabled"}
        Template.from_stack(stack).has_resource_properties(
            "AWS::S3::Bucket", {"LifecycleConfiguration": {"Rules": Match.array_with([rule])}}
        )
        assert stack.resolve(check.artifact_bucket.bucket_name) in canary(stack)["ArtifactS3Location"]["Fn::Join"][1]

    def test_its_name_is_another_in_every_stack(self, stack: cdk.Stack) -> None:
        make(stack)
        assert "AWS::StackId" in str(canary(stack)["Name"])
        assert canary(stack)["Name"]["Fn::Join"][1][0] == "check-"

    def test_may_write_artefacts_its_log_and_its_metrics_and_nothing_else(self, stack: cdk.Stack) -> None:
        make(stack)
        actions = [
            each["Action"] if isinstance(each["Action"], list) else [each["Action"]] for each in statements(stack)
        ]
        assert {action for each in actions for action in each} == {
            "s3:PutObject",
            "s3:GetBucketLocation",
            "s3:ListAllMyBuckets",
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "cloudwatch:PutMetricData",
        }
        (metrics,) = [each for each in statements(stack) if each["Action"] == "cloudwatch:PutMetricData"]
        assert metrics["Condition"] == {"StringEquals": {"cloudwatch:namespace": "CloudWatchSynthetics"}}

    def test_packs_find_nothing_and_nothing_is_warned_of(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        make(stack)
        assert pack_findings(stack) == []
        Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


class TestOptions:
    def test_a_minute_is_written_in_the_singular(self, stack: cdk.Stack) -> None:
        make(stack, interval=cdk.Duration.minutes(1), retries=0)
        assert canary(stack)["Schedule"] == {"Expression": "rate(1 minute)", "RetryConfig": {"MaxRetries": 0}}

    def test_a_script_of_your_own_runs_instead(self, stack: cdk.Stack) -> None:
        make(stack, script=CanaryScript(text="exports.handler = async () => {};", handler="index.handler"))
        assert canary(stack)["Code"] == {"Handler": "index.handler", "Script": "exports.handler = async () => {};"}

    def test_a_script_may_lie_in_a_bucket_that_it_is_read_from(self, stack: cdk.Stack) -> None:
        bucket = s3.Bucket.from_bucket_name(stack, "Scripts", "scripts")
        make(stack, script=CanaryScript(bucket=bucket, key="orders.zip", version="3"))
        assert canary(stack)["Code"] == {
            "Handler": "index.handler",
            "S3Bucket": "scripts",
            "S3Key": "orders.zip",
            "S3ObjectVersion": "3",
        }
        assert any("scripts/orders.zip" in str(each["Resource"]) for each in statements(stack))

    def test_runs_in_private_subnets_with_https_alone(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        check = make(stack, vpc=vpc(stack))
        (group,) = check.security_groups
        assert canary(stack)["VPCConfig"] == {
            "VpcId": "vpc-1",
            "SubnetIds": ["subnet-1", "subnet-2"],
            "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        }
        Template.from_stack(stack).has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupEgress": [Match.object_like({"FromPort": 443, "ToPort": 443, "IpProtocol": "tcp"})]},
        )
        assert "ec2:CreateNetworkInterface" in str(statements(stack))
        assert pack_findings(stack) == []

    def test_subnets_and_security_groups_can_be_chosen(self, stack: cdk.Stack) -> None:
        group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
        public = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
        make(stack, vpc=vpc(stack), vpc_subnets=public, security_groups=[group])
        assert canary(stack)["VPCConfig"]["SecurityGroupIds"] == ["sg-1"]
        assert canary(stack)["VPCConfig"]["SubnetIds"] == ["subnet-3", "subnet-4"]
        Annotations.from_stack(stack).has_warning(
            "/Stack/Check", Match.string_like_regexp("reaches nothing.*pavedroad:check-public-subnets")
        )

    def test_runs_can_be_traced(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        make(stack, active_tracing=True)
        assert canary(stack)["RunConfig"]["ActiveTracing"] is True
        assert "xray:PutTraceSegments" in str(statements(stack))
        assert pack_findings(stack) == []

    def test_key_and_bucket_can_be_given(self, stack: cdk.Stack) -> None:
        key = kms.Key(stack, "Given")
        check = make(stack, encryption_key=key, artifact_bucket=s3.Bucket(stack, "Bucket"))
        assert check.encryption_key is key
        Template.from_stack(stack).resource_count_is("AWS::S3::Bucket", 1)
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 1)

    def test_the_url_may_be_a_parameter(self, stack: cdk.Stack) -> None:
        make(stack, url=cdk.CfnParameter(stack, "Url").value_as_string)
        assert canary(stack)["RunConfig"]["EnvironmentVariables"] == {"CHECKED_URL": {"Ref": "Url"}}


class TestAlarms:
    def test_failures_and_silence_and_slowness_are_told(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        alarms = make(stack).add_alarms(topic, SyntheticCheckAlarmThresholds(duration_seconds=5))
        assert [each.node.id for each in alarms] == ["CheckFailsAlarm", "CheckDurationAlarm"]
        template = Template.from_stack(stack)
        for name, threshold, comparison, missing in (
            ("SuccessPercent", 90, "LessThanThreshold", "breaching"),
            ("Duration", 5000, "GreaterThanThreshold", "notBreaching"),
        ):
            template.has_resource_properties(
                "AWS::CloudWatch::Alarm",
                {
                    "Namespace": "CloudWatchSynthetics",
                    "MetricName": name,
                    "Threshold": threshold,
                    "ComparisonOperator": comparison,
                    "TreatMissingData": missing,
                    "EvaluationPeriods": 2,
                    "Dimensions": [{"Name": "CanaryName", "Value": canary(stack)["Name"]}],
                },
            )

    def test_a_dashboard_shows_its_runs(self, stack: cdk.Stack) -> None:
        ServiceDashboard(stack, "Dashboard", rows=[DashboardRow(title="Check", component=make(stack))])
        (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
        assert "Successful runs (%)" in str(found["Properties"]["DashboardBody"])


def test_encryption_cannot_be_removed(stack: cdk.Stack) -> None:
    make(stack).canary.artifact_config = None
    with pytest.raises(Exception, match="SyntheticCheck encrypts what it got; its ArtifactConfig was weakened"):
        Template.from_stack(stack)


@pytest.mark.parametrize(
    "runtime", ["syn-nodejs-puppeteer-13.0", "syn-nodejs-puppeteer-9.1", "syn-python-selenium-8.0"]
)
def test_a_runtime_that_cannot_run_the_default_script_is_refused(stack: cdk.Stack, runtime: str) -> None:
    with pytest.raises(InvalidArgumentsError, match="needs a script of your own, or syn-nodejs"):
        make(stack, runtime_version=runtime)


@pytest.mark.parametrize("runtime", ["syn-nodejs-puppeteer-13.1", "syn-nodejs-puppeteer-20.0"])
def test_a_newer_runtime_runs_the_default_script(stack: cdk.Stack, runtime: str) -> None:
    make(stack, runtime_version=runtime)
    assert canary(stack)["RuntimeVersion"] == runtime


def test_a_script_of_your_own_takes_another_runtime(stack: cdk.Stack) -> None:
    make(stack, runtime_version="syn-python-selenium-8.0", script=CanaryScript(text="def handler(*_): pass"))
    assert canary(stack)["RuntimeVersion"] == "syn-python-selenium-8.0"


def test_all_bad_arguments_are_named(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError) as refused:
        make(
            stack,
            url="http://orders.example.com",
            runtime_version="nodejs22.x",
            interval=cdk.Duration.minutes(1),
            timeout=cdk.Duration.minutes(2),
            retries=3,
            script=CanaryScript(text="x", key="orders.zip"),
            vpc_subnets=ec2.SubnetSelection(),
        )
    text = str(refused.value)
    assert "url='http://orders.example.com': must be a URL that begins with https://" in text
    assert "runtime_version='nodejs22.x': must be a runtime such as syn-nodejs-puppeteer-17.0" in text
    assert "timeout=120: must be from 3 to 60" in text
    assert "retries=3: must be from 0 to 2" in text
    assert "script='orders.zip': give either text, or bucket and key" in text
    assert "vpc=None: is needed beside vpc_subnets and security_groups" in text


def test_works_inside_a_product(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    make(product)
    assert "AWS::Synthetics::Canary" in [each["Type"] for each in product_template()["Resources"].values()]


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    make(stack)
    template = Template.from_stack(stack)
    kinds = ("AWS::KMS::Key", "AWS::S3::Bucket", "AWS::Synthetics::Canary")
    assert {name for kind in kinds for name in template.find_resources(kind)} == {
        "Check8FEA48D3",
        "CheckArtifactsEA872D41",
        "CheckArtifactsAccessLogs01451816",
        "CheckKey48D38CA1",
    }
