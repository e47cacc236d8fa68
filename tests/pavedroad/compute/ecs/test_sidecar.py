"""What runs beside an application, and how it is held to the same rules."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.compute.ecs.sidecar import Sidecar
from pavedroad.compute.ecs.trace_collector import TraceCollector

Make = Callable[..., FargateService]
Findings = Callable[[cdk.Stack], list[str]]

IMAGE = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/redis:7")
HEALTH_CHECK = ecs.HealthCheck(command=["CMD", "redis-cli", "ping"])
Condition = ecs.ContainerDependencyCondition


def containers(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    (task,) = Template.from_stack(stack).find_resources("AWS::ECS::TaskDefinition").values()
    return {container["Name"]: container for container in task["Properties"]["ContainerDefinitions"]}


def sidecar(**arguments: Any) -> Sidecar:
    defaults: dict[str, Any] = {"name": "cache", "image": IMAGE}
    return Sidecar(**defaults | arguments)


def test_is_as_hardened_as_the_application(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    make_service(sidecars=[sidecar()])
    cache = containers(stack)["cache"]
    assert cache["ReadonlyRootFilesystem"] is True
    assert cache["Privileged"] is False
    assert cache["User"] == "1000:1000"
    assert cache["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}, "InitProcessEnabled": True}
    assert cache["Essential"] is True
    assert pack_findings(stack) == []


def test_has_streams_of_its_own_in_the_services_log_group(stack: cdk.Stack, make_service: Make) -> None:
    service = make_service(sidecars=[sidecar()])
    logging = containers(stack)["cache"]["LogConfiguration"]["Options"]
    assert logging["awslogs-group"] == stack.resolve(service.log_group.log_group_name)
    assert logging["awslogs-stream-prefix"] == "tasks"  # then come the container's name and the task


def test_takes_its_options(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    parameter = ecs.Secret.from_ssm_parameter(
        cdk.aws_ssm.StringParameter.from_secure_string_parameter_attributes(stack, "Parameter", parameter_name="/cache")
    )
    make_service(
        sidecars=[
            sidecar(
                command=["redis-server"],
                user="redis",
                writable_paths=["/data"],
                environment={"SIZE": "small"},
                secrets={"CACHE_PASSWORD": parameter},
                health_check=HEALTH_CHECK,
                essential=False,
                cpu=128,
                memory_mib=256,
            )
        ]
    )
    cache = containers(stack)["cache"]
    assert (cache["Command"], cache["User"], cache["Essential"]) == (["redis-server"], "redis", False)
    assert (cache["Cpu"], cache["Memory"]) == (128, 256)
    assert cache["MountPoints"] == [{"ContainerPath": "/data", "ReadOnly": False, "SourceVolume": "cache-data"}]
    assert cache["Environment"] == [{"Name": "SIZE", "Value": "small"}]
    assert [secret["Name"] for secret in cache["Secrets"]] == ["CACHE_PASSWORD"]
    assert cache["HealthCheck"]["Command"] == ["CMD", "redis-cli", "ping"]
    assert pack_findings(stack) == []


def test_containers_start_in_the_given_order(stack: cdk.Stack, make_service: Make) -> None:
    make_service(
        sidecars=[
            sidecar(
                health_check=HEALTH_CHECK,
                application_waits_for=Condition.HEALTHY,
                starts_after={"prepare": Condition.SUCCESS},
            ),
            sidecar(name="prepare", essential=False),
        ]
    )
    found = containers(stack)
    assert found["application"]["DependsOn"] == [{"Condition": "HEALTHY", "ContainerName": "cache"}]
    assert found["cache"]["DependsOn"] == [{"Condition": "SUCCESS", "ContainerName": "prepare"}]


@pytest.mark.parametrize(
    ("sidecars", "message"),
    [
        ([sidecar(user="root")], "sidecars[cache].user='root': must not be root"),
        ([sidecar(name="application")], "sidecars.name='application': is the name of another container of the task"),
        ([sidecar(name="a b")], "sidecars.name='a b': must be letters, digits, - and _"),
        ([sidecar(), sidecar()], "sidecars.name='cache': is given twice"),
        ([sidecar(writable_paths=["data"])], "sidecars[cache].writable_paths='data': must be an absolute path"),
        ([sidecar(environment={"CACHE_PASSWORD": "x"})], "environment='CACHE_PASSWORD': looks like a secret"),
        ([sidecar(cpu=0)], "sidecars[cache].cpu=0: must be from 1 to 16384"),
        ([sidecar(memory_mib=1)], "sidecars[cache].memory_mib=1: must be from 6 to 122880"),
        (
            [sidecar(application_waits_for=Condition.HEALTHY)],
            "sidecars[cache].application_waits_for='HEALTHY': needs a health_check of cache",
        ),
        (
            [sidecar(application_waits_for=Condition.SUCCESS)],
            "sidecars[cache].application_waits_for='SUCCESS': needs essential=False of cache",
        ),
        (
            [sidecar(starts_after={"prepare": Condition.START})],
            "sidecars[cache].starts_after='prepare': is no other sidecar of the task",
        ),
        (
            [sidecar(starts_after={"other": Condition.HEALTHY}), sidecar(name="other")],
            "sidecars[cache].starts_after='HEALTHY': needs a health_check of other",
        ),
    ],
)
def test_refuses_what_cannot_work(make_service: Make, sidecars: list[Sidecar], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        make_service(sidecars=sidecars)


class TestTraceCollector:
    def test_listens_inside_the_task_alone(self, stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
        make_service(sidecars=[TraceCollector()])
        found = containers(stack)
        (configuration,) = found["trace-collector"]["Environment"]
        assert configuration["Name"] == "AOT_CONFIG_CONTENT"
        endpoints = re.findall(r'endpoint: "(.*?)"', configuration["Value"])
        assert endpoints == ["localhost:4317", "localhost:4318", "localhost:2000"]
        assert pack_findings(stack) == []

    def test_the_application_survives_it(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(sidecars=[TraceCollector()])
        found = containers(stack)
        assert found["trace-collector"]["Essential"] is False
        assert found["trace-collector"]["HealthCheck"]["Command"] == ["CMD", "/healthcheck"]
        assert found["application"]["DependsOn"] == [{"Condition": "START", "ContainerName": "trace-collector"}]

    def test_the_task_may_send_traces_and_nothing_else(self, stack: cdk.Stack, make_service: Make) -> None:
        service = make_service(sidecars=[TraceCollector()])
        role = stack.resolve(service.task_definition.task_role.role_name)
        policies = Template.from_stack(stack).find_resources(
            "AWS::IAM::ManagedPolicy", {"Properties": {"Roles": [role]}}
        )
        (statement,) = [
            entry for policy in policies.values() for entry in policy["Properties"]["PolicyDocument"]["Statement"]
        ]
        assert set(statement["Action"]) == {
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
        }

    def test_what_is_granted_to_the_service_later_is_not_acknowledged(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        service = make_service(sidecars=[TraceCollector()])
        service.task_definition.add_to_task_role_policy(
            cdk.aws_iam.PolicyStatement(actions=["ssm:GetParameter"], resources=["*"])
        )
        assert [finding.split(":")[0] for finding in pack_findings(stack)] == ["AwsSolutions-IAM5[Resource"]
