"""Rules for Kubernetes clusters and their nodes."""

from collections.abc import Mapping

from pavedroad_platform.checks.rules.rule import Rule, equals, is_intrinsic, is_true

_CLUSTER = "AWS::EKS::Cluster"
_NODES = "AWS::EC2::LaunchTemplate"
_LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}
_EVERYBODY = ("0.0.0.0/0", "::/0")


def _logs_everything(types: object) -> bool:
    listed = types if isinstance(types, list) else []
    return {each.get("Type") for each in listed if isinstance(each, Mapping)} >= _LOG_TYPES


def _names_nobody(properties: Mapping[str, object]) -> bool:
    """Whether no range is named from which the endpoint is reached."""
    access = properties.get("ResourcesVpcConfig", {})
    ranges = access.get("PublicAccessCidrs") if isinstance(access, Mapping) else None
    return not ranges or any(each in _EVERYBODY for each in (ranges if isinstance(ranges, list) else []))


def _one_hop(value: object) -> bool:
    return is_intrinsic(value) or str(value) == "1"


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-EKS-1",
        resource_type=_CLUSTER,
        place="ResourcesVpcConfig.EndpointPrivateAccess",
        requires=is_true,
        message="sends nodes to the API server over the internet: set EndpointPrivateAccess",
        source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    ),
    Rule(
        id="PavedRoad-EKS-2",
        resource_type=_CLUSTER,
        place="ResourcesVpcConfig.EndpointPublicAccess",
        requires=equals(False),  # noqa: FBT003 - the value that is asked for
        message="lets everybody reach the API server: set EndpointPublicAccess to false, or name PublicAccessCidrs",
        source="AWS Security Hub EKS.1",
        when=_names_nobody,
    ),
    Rule(
        id="PavedRoad-EKS-3",
        resource_type=_CLUSTER,
        place="Logging.ClusterLogging.EnabledTypes",
        requires=_logs_everything,
        message="does not log all of the control plane: name the five types",
        source="AWS Security Hub EKS.8",
    ),
    Rule(
        id="PavedRoad-EKS-4",
        resource_type=_CLUSTER,
        place="AccessConfig.AuthenticationMode",
        requires=equals("API"),
        message="admits whom a ConfigMap in the cluster names: set AuthenticationMode to API",
        source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    ),
    Rule(
        id="PavedRoad-EKS-5",
        resource_type=_CLUSTER,
        place="AccessConfig.BootstrapClusterCreatorAdminPermissions",
        requires=equals(False),  # noqa: FBT003 - the value that is asked for
        message="makes its creator an administrator: set BootstrapClusterCreatorAdminPermissions to false",
        source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    ),
    Rule(
        id="PavedRoad-EKS-6",
        resource_type=_CLUSTER,
        place="DeletionProtection",
        requires=is_true,
        message="can be deleted by one call: set DeletionProtection",
        source="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
    ),
    Rule(
        id="PavedRoad-EKS-7",
        resource_type=_CLUSTER,
        place="UpgradePolicy.SupportType",
        requires=equals("STANDARD"),
        message="stays on versions that have ended upstream: set SupportType to STANDARD",
        source="AWS Security Hub EKS.2",
    ),
    Rule(
        id="PavedRoad-EKS-8",
        resource_type=_CLUSTER,
        place="ZonalShiftConfig.Enabled",
        requires=is_true,
        message="keeps sending traffic to a zone that is ill: set Enabled",
        source="https://docs.aws.amazon.com/eks/latest/userguide/zone-shift.html",
    ),
    Rule(
        id="PavedRoad-EKS-9",
        resource_type="AWS::EKS::Nodegroup",
        place="NodeRepairConfig.Enabled",
        requires=is_true,
        message="keeps nodes that are ill: set Enabled",
        source="https://docs.aws.amazon.com/eks/latest/userguide/node-health.html",
    ),
)
