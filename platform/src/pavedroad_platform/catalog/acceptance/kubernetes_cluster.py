"""The cluster is private, its secrets are encrypted, everything is logged, and its nodes are hardened."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.encryption import key_problems, log_problems
from pavedroad_platform.catalog.promises.instances import template_problems
from pavedroad_platform.proving.acceptance import Launched

_LOGS = frozenset({"api", "audit", "authenticator", "controllerManager", "scheduler"})


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of kubernetes-cluster."""
    eks, name, key = launched.client("eks"), launched.outputs["ClusterName"], launched.outputs["EncryptionKeyArn"]
    cluster = eks.describe_cluster(name=name)["cluster"]
    if cluster["resourcesVpcConfig"].get("endpointPublicAccess"):
        yield "the Kubernetes API is reached from the internet"
    encrypted = {each["provider"]["keyArn"]: each["resources"] for each in cluster.get("encryptionConfig", [])}
    if "secrets" not in encrypted.get(key, []):
        yield "its secrets are not encrypted with its own key"
    logged = {
        kind for each in cluster["logging"]["clusterLogging"] if each["enabled"] for kind in each.get("types", [])
    }
    if _LOGS - logged:
        yield f"it does not log {', '.join(sorted(_LOGS - logged))}"
    if cluster["accessConfig"]["authenticationMode"] != "API":
        yield "who has access is not in the hands of IAM alone"
    yield from key_problems(launched, key)
    yield from log_problems(launched, f"/aws/eks/{name}/cluster")
    for group in eks.list_nodegroups(clusterName=name)["nodegroups"]:
        nodes = eks.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
        yield from template_problems(launched, nodes["launchTemplate"]["id"], nodes["launchTemplate"]["version"])
