"""The CloudFormation types of Service Catalog: made through its API."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id

from pavedroad_platform.sandbox.emulator.api_provider import ApiProvider, Operation, Parameters
from pavedroad_platform.sandbox.emulator.in_process_client import call
from pavedroad_platform.sandbox.emulator.resource import Provider, Resource
from pavedroad_platform.sandbox.emulator.service_catalog.state import new_id
from pavedroad_platform.sandbox.emulator.stacks import wait_for_stack

_SERVICE = "servicecatalog"


def _named(*names: str) -> Parameters:
    return lambda resource: resource.picked(*names)


def _by_id(resource: Resource) -> dict[str, Any]:
    return {"Id": resource.attributes["Id"]}


def _tag_changes(resource: Resource) -> dict[str, Any]:
    """The tags to add and to remove."""
    before, after = ({tag["Key"] for tag in each.get("Tags", [])} for each in (resource.previous, resource.properties))
    changes = {"AddTags": list(resource.properties.get("Tags", [])), "RemoveTags": sorted(before - after)}
    return {name: value for name, value in changes.items() if value}


_ABOUT = ("Name", "Owner", "Description", "Distributor", "SupportDescription", "SupportEmail", "SupportUrl")


class ProductProvider:
    """``AWS::ServiceCatalog::CloudFormationProduct`` with its versions."""

    def create(self, resource: Resource) -> None:
        """Create the product with its first version, then the others."""
        first, *others = resource.properties["ProvisioningArtifactParameters"]
        made = call(
            _SERVICE,
            "CreateProduct",
            **resource.picked(*_ABOUT, "Tags"),
            ProductType="CLOUD_FORMATION_TEMPLATE",
            ProvisioningArtifactParameters=_artifact(first),
            IdempotencyToken=resource.logical_id or "token",
        )
        resource.attributes["Id"] = made["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
        for parameters in others:
            self._add(resource, parameters)
        self._answer(resource)

    def update(self, resource: Resource) -> None:
        """Change what it says of itself; versions that are new are added, those that are gone deleted."""
        product = resource.attributes["Id"]
        call(_SERVICE, "UpdateProduct", Id=product, **resource.picked(*_ABOUT), **_tag_changes(resource))
        before = {
            _identity(parameters): parameters for parameters in resource.previous["ProvisioningArtifactParameters"]
        }
        after = {
            _identity(parameters): parameters for parameters in resource.properties["ProvisioningArtifactParameters"]
        }
        replace = bool(resource.properties.get("ReplaceProvisioningArtifacts"))
        standing = self._versions(resource)
        for identity, parameters in after.items():
            if replace or identity not in before:
                self._add(resource, parameters)
        for identity, parameters in before.items():
            if replace or identity not in after:
                name = parameters.get("Name", "")
                old = next((version["Id"] for version in standing if version["Name"] == name), None)
                if old:
                    call(_SERVICE, "DeleteProvisioningArtifact", ProductId=product, ProvisioningArtifactId=old)
        self._answer(resource)

    def delete(self, resource: Resource) -> None:
        """Delete the product."""
        call(_SERVICE, "DeleteProduct", Id=resource.attributes["Id"])

    def _add(self, resource: Resource, parameters: Mapping[str, Any]) -> None:
        call(
            _SERVICE,
            "CreateProvisioningArtifact",
            ProductId=resource.attributes["Id"],
            Parameters=_artifact(parameters),
            IdempotencyToken="token",
        )

    def _versions(self, resource: Resource) -> list[dict[str, Any]]:
        answer = call(_SERVICE, "ListProvisioningArtifacts", ProductId=resource.attributes["Id"])
        return list(answer["ProvisioningArtifactDetails"])

    def _answer(self, resource: Resource) -> None:
        versions = self._versions(resource)
        resource.attributes |= {
            "ProductName": resource.properties["Name"],
            "ProvisioningArtifactIds": ",".join(version["Id"] for version in versions),
            "ProvisioningArtifactNames": ",".join(version["Name"] for version in versions),
        }


def _artifact(parameters: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        name: parameters[name] for name in ("Name", "Description", "DisableTemplateValidation") if name in parameters
    }
    return {**kept, "Info": parameters["Info"], "Type": parameters.get("Type", "CLOUD_FORMATION_TEMPLATE")}


def _identity(parameters: Mapping[str, Any]) -> tuple[str, str]:
    return parameters.get("Name", ""), parameters["Info"].get("LoadTemplateFromURL", "")


def _constraint(kind: str, parameters: Parameters) -> ApiProvider:
    """A constraint type: its own properties become the constraint's parameters."""

    def create(resource: Resource) -> dict[str, Any]:
        return {
            **resource.picked("PortfolioId", "ProductId", "Description"),
            "Type": kind,
            "Parameters": json.dumps(parameters(resource)),
            "IdempotencyToken": "token",
        }

    def update(resource: Resource) -> dict[str, Any]:
        return {
            **_by_id(resource),
            **resource.picked("Description"),
            "Parameters": json.dumps(parameters(resource)),
        }

    return ApiProvider(
        service=_SERVICE,
        creates=Operation("CreateConstraint", create),
        answers={"Id": "ConstraintDetail.ConstraintId"},
        updates=Operation("UpdateConstraint", update),
        deletes=Operation("DeleteConstraint", _by_id),
    )


def _tag_update(resource: Resource) -> dict[str, Any]:
    allowed = resource.properties["TagUpdateOnProvisionedProduct"]
    return {"Version": "2.0", "Properties": {"TagUpdateOnProvisionedProduct": allowed}}


def _rules(resource: Resource) -> dict[str, Any]:
    rules: dict[str, Any] = json.loads(resource.properties["Rules"])
    return {"Rules": rules}


class ProvisionedProductProvider:
    """``AWS::ServiceCatalog::CloudFormationProvisionedProduct``: waits for the launch, on a worker thread."""

    def create(self, resource: Resource) -> None:
        """Launch the product."""
        name = resource.properties.get("ProvisionedProductName") or f"{resource.stack_name}-{resource.logical_id}"
        record = call(
            _SERVICE,
            "ProvisionProduct",
            **self._target(resource),
            ProvisionedProductName=name,
            ProvisionToken=new_id("token"),
            Tags=list(resource.properties.get("Tags", [])),
        )["RecordDetail"]
        resource.attributes["ProvisionedProductId"] = record["ProvisionedProductId"]
        try:
            self._settle(resource, record["RecordId"])
        except ValueError:
            self.delete(resource)  # as a rollback does with what was begun
            raise

    def update(self, resource: Resource) -> None:
        """Update the launch."""
        record = call(
            _SERVICE,
            "UpdateProvisionedProduct",
            ProvisionedProductId=resource.attributes["ProvisionedProductId"],
            UpdateToken="token",
            **self._target(resource),
        )["RecordDetail"]
        self._settle(resource, record["RecordId"])

    def delete(self, resource: Resource) -> None:
        """Terminate the launch."""
        identifier = resource.attributes["ProvisionedProductId"]
        call(_SERVICE, "TerminateProvisionedProduct", ProvisionedProductId=identifier, TerminateToken="token")
        wait_for_stack(f"SC-{get_account_id()}-{identifier}")

    def _target(self, resource: Resource) -> dict[str, Any]:
        names = ("ProductId", "ProductName", "ProvisioningArtifactId", "ProvisioningArtifactName", "PathId", "PathName")
        return resource.picked(*names, "ProvisioningParameters")

    def _settle(self, resource: Resource, record_id: str) -> None:
        stack = wait_for_stack(f"SC-{get_account_id()}-{resource.attributes['ProvisionedProductId']}")
        answer = call(_SERVICE, "DescribeRecord", Id=record_id)
        record = answer["RecordDetail"]
        if record["Status"] != "SUCCEEDED":
            raise ValueError("; ".join(error["Description"] for error in record["RecordErrors"]))
        resource.attributes |= {"RecordId": record_id, "CloudformationStackArn": stack["StackId"]}
        resource.attributes |= {
            f"Outputs.{output['OutputKey']}": output["OutputValue"] for output in answer["RecordOutputs"]
        }


def _link(service_operation: str, removal: str, *names: str) -> ApiProvider:
    """A type that associates two things."""
    return ApiProvider(
        service=_SERVICE,
        creates=Operation(service_operation, _named(*names)),
        deletes=Operation(removal, _named(*names)),
    )


SERVICE_CATALOG_PROVIDERS: Mapping[str, Provider] = {
    "AWS::ServiceCatalog::Portfolio": ApiProvider(
        service=_SERVICE,
        creates=Operation(
            "CreatePortfolio",
            lambda resource: {
                **resource.picked("DisplayName", "ProviderName", "Description", "Tags"),
                "IdempotencyToken": resource.logical_id or "token",
            },
        ),
        answers={"Id": "PortfolioDetail.Id"},
        updates=Operation(
            "UpdatePortfolio",
            lambda resource: {
                **_by_id(resource),
                **resource.picked("DisplayName", "ProviderName", "Description"),
                **_tag_changes(resource),
            },
        ),
        deletes=Operation("DeletePortfolio", _by_id),
    ),
    "AWS::ServiceCatalog::CloudFormationProduct": ProductProvider(),
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": ProvisionedProductProvider(),
    "AWS::ServiceCatalog::PortfolioProductAssociation": _link(
        "AssociateProductWithPortfolio", "DisassociateProductFromPortfolio", "PortfolioId", "ProductId"
    ),
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation": ApiProvider(
        service=_SERVICE,
        creates=Operation("AssociatePrincipalWithPortfolio", _named("PortfolioId", "PrincipalARN", "PrincipalType")),
        deletes=Operation("DisassociatePrincipalFromPortfolio", _named("PortfolioId", "PrincipalARN")),
    ),
    "AWS::ServiceCatalog::LaunchRoleConstraint": _constraint("LAUNCH", _named("RoleArn", "LocalRoleName")),
    "AWS::ServiceCatalog::LaunchNotificationConstraint": _constraint("NOTIFICATION", _named("NotificationArns")),
    "AWS::ServiceCatalog::LaunchTemplateConstraint": _constraint("TEMPLATE", _rules),
    "AWS::ServiceCatalog::ResourceUpdateConstraint": _constraint("RESOURCE_UPDATE", _tag_update),
    "AWS::ServiceCatalog::TagOption": ApiProvider(
        service=_SERVICE,
        creates=Operation("CreateTagOption", _named("Key", "Value")),
        answers={"Id": "TagOptionDetail.Id"},
        updates=Operation(
            "UpdateTagOption", lambda resource: {**_by_id(resource), **resource.picked("Value", "Active")}
        ),
        deletes=Operation("DeleteTagOption", _by_id),
    ),
    "AWS::ServiceCatalog::TagOptionAssociation": _link(
        "AssociateTagOptionWithResource", "DisassociateTagOptionFromResource", "ResourceId", "TagOptionId"
    ),
    "AWS::ServiceCatalog::PortfolioShare": ApiProvider(
        service=_SERVICE,
        creates=Operation("CreatePortfolioShare", _named("PortfolioId", "AccountId", "ShareTagOptions")),
        updates=Operation("UpdatePortfolioShare", _named("PortfolioId", "AccountId", "ShareTagOptions")),
        deletes=Operation("DeletePortfolioShare", _named("PortfolioId", "AccountId")),
    ),
    "AWS::ServiceCatalog::AcceptedPortfolioShare": ApiProvider(
        service=_SERVICE,
        creates=Operation("AcceptPortfolioShare", _named("PortfolioId")),
        deletes=Operation("RejectPortfolioShare", _named("PortfolioId")),
    ),
}
"""The providers by type."""
