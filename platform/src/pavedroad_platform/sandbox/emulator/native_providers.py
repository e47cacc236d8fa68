"""The types whose service MiniStack emulates without a CloudFormation handler: made through the service's own API."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.sandbox.emulator.api_provider import ApiProvider, Operation, Parameters
from pavedroad_platform.sandbox.emulator.governance_providers import GOVERNANCE_PROVIDERS, config_rule
from pavedroad_platform.sandbox.emulator.organization_providers import ORGANIZATION_PROVIDERS
from pavedroad_platform.sandbox.emulator.resource import Provider, Resource
from pavedroad_platform.sandbox.emulator.service_catalog.providers import SERVICE_CATALOG_PROVIDERS
from pavedroad_platform.sandbox.emulator.stack_sets import StackSetProvider


def _properties(*names: str, **renamed: str) -> Parameters:
    """The named properties, as they are or renamed."""
    return lambda resource: resource.picked(*names, **renamed)


def _attributes(*names: str, **renamed: str) -> Parameters:
    """The named attributes, as they are or renamed."""
    return lambda resource: {
        api: resource.attributes[name] for name, api in (dict(zip(names, names, strict=True)) | renamed).items()
    }


def _tagged(kind: str) -> Parameters:
    """The tags as EC2's create operations take them."""
    return lambda resource: (
        {"TagSpecifications": [{"ResourceType": kind, "Tags": resource.properties["Tags"]}]}
        if resource.properties.get("Tags")
        else {}
    )


def _merged(*parts: Parameters) -> Parameters:
    return lambda resource: {name: value for part in parts for name, value in part(resource).items()}


def _security_group_rule(resource: Resource) -> dict[str, Any]:
    permission = resource.picked("IpProtocol", "FromPort", "ToPort")
    description = resource.picked("Description")
    for name, ranges in (("CidrIp", "IpRanges"), ("CidrIpv6", "Ipv6Ranges")):
        if name in resource.properties:
            permission[ranges] = [{name: resource.properties[name], **description}]
    for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId"):
        if name in resource.properties:
            permission["UserIdGroupPairs"] = [{"GroupId": resource.properties[name], **description}]
    for name in ("SourcePrefixListId", "DestinationPrefixListId"):
        if name in resource.properties:
            permission["PrefixListIds"] = [{"PrefixListId": resource.properties[name], **description}]
    return {"GroupId": resource.properties["GroupId"], "IpPermissions": [permission]}


def _network_acl_entry(resource: Resource) -> dict[str, Any]:
    renamed = {"Icmp": "IcmpTypeCode"}
    entry = resource.picked(
        "NetworkAclId", "RuleNumber", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange", **renamed
    )
    return entry | {
        "Protocol": str(resource.properties["Protocol"]),
        "Egress": bool(resource.properties.get("Egress", False)),
    }


def _flow_log(resource: Resource) -> dict[str, Any]:
    names = ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName", "LogFormat")
    return {
        "ResourceIds": [resource.properties["ResourceId"]],
        **resource.picked(*names, "DeliverLogsPermissionArn", "MaxAggregationInterval"),
        **_tagged("vpc-flow-log")(resource),
    }


def _backup_selection(resource: Resource) -> dict[str, Any]:
    selection = dict(resource.properties["BackupSelection"])
    return {"BackupPlanId": resource.properties["BackupPlanId"], "BackupSelection": selection}


def _web_acl_association(resource: Resource) -> dict[str, Any]:
    return resource.picked("ResourceArn", "WebACLArn")


def _oidc_provider(resource: Resource) -> dict[str, Any]:
    return {
        "Url": resource.properties["Url"],
        **resource.picked("ThumbprintList", ClientIdList="ClientIDList"),
    }


def _saml_provider(resource: Resource) -> dict[str, Any]:
    return {
        "Name": resource.properties.get("Name") or resource.logical_id,
        "SAMLMetadataDocument": resource.properties["SamlMetadataDocument"],
        **resource.picked("Tags"),
    }


def _only(name: str, **renamed: str) -> Operation:
    """An operation that takes attributes alone."""
    return Operation(name, _attributes(**renamed))


_EC2: Mapping[str, Provider] = {
    "AWS::EC2::EIP": ApiProvider(
        service="ec2",
        creates=Operation("AllocateAddress", _merged(lambda _: {"Domain": "vpc"}, _tagged("elastic-ip"))),
        answers={"AllocationId": "AllocationId", "PublicIp": "PublicIp"},
        deletes=_only("ReleaseAddress", AllocationId="AllocationId"),
    ),
    "AWS::EC2::NatGateway": ApiProvider(
        service="ec2",
        creates=Operation(
            "CreateNatGateway",
            _merged(_properties("AllocationId", "SubnetId", "ConnectivityType"), _tagged("natgateway")),
        ),
        answers={"NatGatewayId": "NatGateway.NatGatewayId"},
        deletes=_only("DeleteNatGateway", NatGatewayId="NatGatewayId"),
    ),
    "AWS::EC2::FlowLog": ApiProvider(
        service="ec2",
        creates=Operation("CreateFlowLogs", _flow_log),
        answers={"Id": "FlowLogIds.0"},
        deletes=Operation("DeleteFlowLogs", lambda resource: {"FlowLogIds": [resource.attributes["Id"]]}),
    ),
    "AWS::EC2::SecurityGroupIngress": ApiProvider(
        service="ec2",
        creates=Operation("AuthorizeSecurityGroupIngress", _security_group_rule),
        deletes=Operation("RevokeSecurityGroupIngress", _security_group_rule),
    ),
    "AWS::EC2::SecurityGroupEgress": ApiProvider(
        service="ec2",
        creates=Operation("AuthorizeSecurityGroupEgress", _security_group_rule),
        deletes=Operation("RevokeSecurityGroupEgress", _security_group_rule),
    ),
    "AWS::EC2::NetworkAcl": ApiProvider(
        service="ec2",
        creates=Operation("CreateNetworkAcl", _merged(_properties("VpcId"), _tagged("network-acl"))),
        answers={"Id": "NetworkAcl.NetworkAclId"},
        deletes=_only("DeleteNetworkAcl", Id="NetworkAclId"),
    ),
    "AWS::EC2::NetworkAclEntry": ApiProvider(
        service="ec2",
        creates=Operation("CreateNetworkAclEntry", _network_acl_entry),
        updates=Operation("ReplaceNetworkAclEntry", _network_acl_entry),
        deletes=Operation(
            "DeleteNetworkAclEntry",
            lambda resource: {
                **resource.picked("NetworkAclId", "RuleNumber"),
                "Egress": bool(resource.properties.get("Egress", False)),
            },
        ),
    ),
}

_OTHERS: Mapping[str, Provider] = {
    "AWS::Config::ConfigRule": ApiProvider(
        service="config",
        creates=Operation("PutConfigRule", config_rule),
        updates=Operation("PutConfigRule", config_rule),
        deletes=_only("DeleteConfigRule", ConfigRuleName="ConfigRuleName"),
    ),
    "AWS::Backup::BackupSelection": ApiProvider(
        service="backup",
        creates=Operation("CreateBackupSelection", _backup_selection),
        answers={"SelectionId": "SelectionId"},
        deletes=Operation(
            "DeleteBackupSelection", _merged(_properties("BackupPlanId"), _attributes(SelectionId="SelectionId"))
        ),
    ),
    "AWS::WAFv2::WebACLAssociation": ApiProvider(
        service="wafv2",
        creates=Operation("AssociateWebACL", _web_acl_association),
        deletes=Operation("DisassociateWebACL", _properties("ResourceArn")),
    ),
    "AWS::IAM::SAMLProvider": ApiProvider(
        service="iam",
        creates=Operation("CreateSAMLProvider", _saml_provider),
        answers={"Arn": "SAMLProviderArn"},
        updates=Operation(
            "UpdateSAMLProvider",
            _merged(_properties(SamlMetadataDocument="SAMLMetadataDocument"), _attributes(Arn="SAMLProviderArn")),
        ),
        deletes=_only("DeleteSAMLProvider", Arn="SAMLProviderArn"),
    ),
    "AWS::IAM::OIDCProvider": ApiProvider(
        service="iam",
        creates=Operation("CreateOpenIDConnectProvider", _oidc_provider),
        answers={"Arn": "OpenIDConnectProviderArn"},
        deletes=_only("DeleteOpenIDConnectProvider", Arn="OpenIDConnectProviderArn"),
    ),
    "AWS::CloudFormation::StackSet": StackSetProvider(),
}

NATIVE_PROVIDERS: Mapping[str, Provider] = {
    **_EC2,
    **_OTHERS,
    **GOVERNANCE_PROVIDERS,
    **ORGANIZATION_PROVIDERS,
    **SERVICE_CATALOG_PROVIDERS,
}
"""The providers by type."""
