"""What MiniStack leaves out of clusters of databases: their key, logs, parameters and the administrator's secret.

The secret itself is not made: what is told of it is which key it is encrypted with.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import documentdb, rds

Described = Callable[[Mapping[str, Any]], str]


def install() -> None:
    """Tell of each cluster what the services tell and MiniStack does not."""
    rds._cluster_xml = _with_logs(rds._cluster_xml)
    documentdb._cluster_xml = _with_logs(_with_secret_key(documentdb._cluster_xml))


def complete_aurora_cluster(name: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Keep what the template says of an Aurora cluster."""
    cluster = rds._clusters[name]
    cluster["KmsKeyId"] = properties.get("KmsKeyId", "")
    cluster["DBClusterParameterGroup"] = properties.get("DBClusterParameterGroupName", "")
    cluster["EnabledCloudwatchLogsExports"] = properties.get("EnableCloudwatchLogsExports", [])
    if _is_managed(properties):
        cluster["MasterUserSecret"] = {"KmsKeyId": properties.get("MasterUserSecret", {}).get("KmsKeyId")}


def complete_document_cluster(name: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Keep what the template says of a DocumentDB cluster."""
    cluster = documentdb._clusters[name]
    cluster["EnabledCloudwatchLogsExports"] = properties.get("EnableCloudwatchLogsExports", [])
    if _is_managed(properties):
        cluster["MasterUserSecret"] = {
            **cluster.get("MasterUserSecret", {}),
            "KmsKeyId": properties.get("MasterUserSecretKmsKeyId"),
        }


def _is_managed(properties: Mapping[str, Any]) -> bool:
    return str(properties.get("ManageMasterUserPassword", "")).lower() == "true"


def _with_logs(described: Described) -> Described:
    def cluster_xml(cluster: Mapping[str, Any]) -> str:
        members = "".join(f"<member>{name}</member>" for name in cluster.get("EnabledCloudwatchLogsExports", []))
        logs = f"<EnabledCloudwatchLogsExports>{members}</EnabledCloudwatchLogsExports>" if members else ""
        return described(cluster) + logs

    return cluster_xml


def _with_secret_key(described: Described) -> Described:
    def cluster_xml(cluster: Mapping[str, Any]) -> str:
        key = cluster.get("MasterUserSecret", {}).get("KmsKeyId")
        end = "</MasterUserSecret>"
        return described(cluster).replace(end, f"<KmsKeyId>{key}</KmsKeyId>{end}" if key else end)

    return cluster_xml
