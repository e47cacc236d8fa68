"""What stays true of a cluster, whatever a mixin, an injector or an escape hatch does to it."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from pavedroad.compute.eks.network import is_everybody
from pavedroad.invariants import hold

LOG_TYPES = (
    eks.ClusterLoggingTypes.API,
    eks.ClusterLoggingTypes.AUDIT,
    eks.ClusterLoggingTypes.AUTHENTICATOR,
    eks.ClusterLoggingTypes.CONTROLLER_MANAGER,
    eks.ClusterLoggingTypes.SCHEDULER,
)
_LOG_NAMES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}


def hold_cluster(construct: Construct, resource: eks.CfnCluster) -> None:
    """Hold the endpoint, the encryption of secrets, the logs and the access entries of a cluster of ``construct``."""
    resolve = Stack.of(resource).resolve

    def private() -> bool:
        access: dict[str, Any] = resolve(resource.resources_vpc_config) or {}
        ranges = access.get("publicAccessCidrs")
        known = [each for each in ranges if isinstance(each, str)] if isinstance(ranges, list) else []
        named = bool(ranges) and not any(map(is_everybody, known))
        return access.get("endpointPrivateAccess") is True and (access.get("endpointPublicAccess") is False or named)

    def encrypts_secrets() -> bool:
        configurations: list[dict[str, Any]] = resolve(resource.encryption_config) or []
        return any("secrets" in each.get("resources", []) for each in configurations)

    def logs_everything() -> bool:
        logging: dict[str, Any] = resolve(resource.logging) or {}
        types = logging.get("clusterLogging", {}).get("enabledTypes", [])
        return {each.get("type") for each in types} >= _LOG_NAMES

    def admits_by_entry() -> bool:
        access: dict[str, Any] = resolve(resource.access_config) or {}
        creator = access.get("bootstrapClusterCreatorAdminPermissions")
        return access.get("authenticationMode") == "API" and creator is False

    kind = type(construct).__name__
    hold(construct, f"{kind} is private; its ResourcesVpcConfig lets everybody connect or nodes do not", private)
    hold(construct, f"{kind} encrypts secrets; its EncryptionConfig was removed", encrypts_secrets)
    hold(construct, f"{kind} logs all of its control plane; its Logging was reduced", logs_everything)
    hold(construct, f"{kind} admits by access entry only; its AccessConfig was weakened", admits_by_entry)
