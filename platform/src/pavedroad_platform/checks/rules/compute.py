"""Rules for compute resources."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Rule, equals, is_false, is_true, present


def _names_deployment_alarms(properties: Mapping[str, Any]) -> bool:
    return bool(properties.get("DeploymentConfiguration", {}).get("Alarms", {}).get("AlarmNames"))


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-ECS-1",
        resource_type="AWS::ECS::TaskDefinition",
        place="ContainerDefinitions.*.Privileged",
        requires=is_false,
        message="gives a container the rights of its host: leave Privileged out",
        source="AWS Security Hub ECS.4",
    ),
    Rule(
        id="PavedRoad-ECS-2",
        resource_type="AWS::ECS::TaskDefinition",
        place="ContainerDefinitions.*.ReadonlyRootFilesystem",
        requires=is_true,
        message="lets a program change its own image: set ReadonlyRootFilesystem",
        source="AWS Security Hub ECS.5",
    ),
    Rule(
        id="PavedRoad-ECS-5",
        resource_type="AWS::ECS::Service",
        place="EnableExecuteCommand",
        requires=is_false,
        message="opens a shell into running tasks: set EnableExecuteCommand to false",
        source="AWS Well-Architected SEC06-BP03",
    ),
    Rule(
        id="PavedRoad-ECS-6",
        resource_type="AWS::ECS::Service",
        place="DeploymentConfiguration.DeploymentCircuitBreaker.Enable",
        requires=is_true,
        message="goes on with a deployment that fails: set the circuit breaker",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    ),
    Rule(
        id="PavedRoad-ECS-7",
        resource_type="AWS::ECS::Service",
        place="DeploymentConfiguration.DeploymentCircuitBreaker.Rollback",
        requires=is_true,
        message="stays at a deployment that failed: set Rollback",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    ),
    Rule(
        id="PavedRoad-ECS-8",
        resource_type="AWS::ECS::Service",
        place="NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
        requires=equals(None, "DISABLED"),
        message="gives tasks public addresses: set AssignPublicIp to DISABLED",
        source="AWS Security Hub ECS.2",
    ),
    Rule(
        id="PavedRoad-ECS-9",
        resource_type="AWS::ECS::Service",
        place="NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
    ),
    Rule(
        id="PavedRoad-ECS-10",
        resource_type="AWS::ECS::Cluster",
        place="Configuration.ExecuteCommandConfiguration.KmsKeyId",
        requires=present,
        message="leaves sessions unencrypted by a key of ours: name a customer managed key",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    ),
    Rule(
        id="PavedRoad-ECS-11",
        resource_type="AWS::ECS::Cluster",
        place="Configuration.ExecuteCommandConfiguration.Logging",
        requires=equals("OVERRIDE"),
        message="does not keep what is typed in sessions where we say: set Logging to OVERRIDE",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    ),
    Rule(
        id="PavedRoad-ECS-12",
        resource_type="AWS::ECS::Cluster",
        place="Configuration.ExecuteCommandConfiguration.LogConfiguration.CloudWatchEncryptionEnabled",
        requires=is_true,
        message="writes what is typed in sessions unencrypted: set CloudWatchEncryptionEnabled",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    ),
    Rule(
        id="PavedRoad-ECS-13",
        resource_type="AWS::ECS::Cluster",
        place="Configuration.ManagedStorageConfiguration.FargateEphemeralStorageKmsKeyId",
        requires=present,
        message="encrypts tasks' disks with the key that AWS owns: name a customer managed key",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-storage-encryption.html",
    ),
    Rule(
        id="PavedRoad-ECS-14",
        resource_type="AWS::ECS::TaskDefinition",
        place="ContainerDefinitions.*.LinuxParameters.Capabilities.Drop",
        requires=present,
        message="keeps capabilities of the kernel that no application needs: drop ALL",
        source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html",
    ),
    Rule(
        id="PavedRoad-ECS-15",
        resource_type="AWS::ECS::TaskDefinition",
        place="ContainerDefinitions.*.User",
        requires=present,
        message="runs as the image says, often as root: set User",
        source="AWS Security Hub ECS.20",
    ),
    Rule(
        id="PavedRoad-ECS-16",
        resource_type="AWS::ECS::Service",
        place="EnableECSManagedTags",
        requires=is_true,
        message="makes tasks whose cost belongs to nobody: set EnableECSManagedTags",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html",
    ),
    Rule(
        id="PavedRoad-ECS-17",
        resource_type="AWS::ECS::Service",
        place="AvailabilityZoneRebalancing",
        requires=equals("ENABLED"),
        message="stays in one zone after the other was lost: set AvailabilityZoneRebalancing",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html",
    ),
    *(
        Rule(
            id=f"PavedRoad-ECS-{number}",
            resource_type="AWS::ECS::Service",
            place=f"DeploymentConfiguration.Alarms.{switch}",
            requires=is_true,
            message=f"goes on with a deployment although its alarms go off: set {switch}",
            source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html",
            when=_names_deployment_alarms,
        )
        for number, switch in ((18, "Enable"), (19, "Rollback"))
    ),
)
