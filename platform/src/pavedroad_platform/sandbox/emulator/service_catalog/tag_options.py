"""Tag options: the values that a launch's tags may have."""

from collections.abc import Callable, Mapping

from pavedroad_platform.sandbox.emulator.service_catalog.request import Answer, Request
from pavedroad_platform.sandbox.emulator.service_catalog.state import (
    Portfolio,
    Product,
    TagOption,
    TagOptionAssociation,
    catalog,
    duplicate,
    here,
    in_use,
    new_id,
    not_found,
)


def tag_option_detail(option: TagOption) -> Answer:
    """A tag option as the API shows it."""
    return {"Id": option.id, "Key": option.key, "Value": option.value, "Active": option.active, "Owner": option.account}


def create_tag_option(request: Request) -> Answer:
    """CreateTagOption."""
    key, value = request.required("Key", "Value")
    if any((option.key, option.value) == (key, value) for option in here(catalog.tag_options.values())):
        raise duplicate(f"The tag option {key}={value} exists already.")
    option = TagOption(id=new_id("tag"), key=key, value=value)
    catalog.tag_options[option.id] = option
    return {"TagOptionDetail": tag_option_detail(option)}


def _own_tag_option(identifier: str) -> TagOption:
    option = catalog.tag_options.get(identifier)
    if option is None or not option.is_here:
        raise not_found(f"Tag option {identifier}")
    return option


def update_tag_option(request: Request) -> Answer:
    """UpdateTagOption."""
    option = _own_tag_option(request.text("Id"))
    option.value = request.text("Value") or option.value
    option.active = bool(request.input.get("Active", option.active))
    return {"TagOptionDetail": tag_option_detail(option)}


def delete_tag_option(request: Request) -> Answer:
    """DeleteTagOption."""
    option = _own_tag_option(request.text("Id"))
    if any(link.tag_option == option.id for link in catalog.tag_option_associations):
        raise in_use(f"Tag option {option.id} is associated with a resource.")
    del catalog.tag_options[option.id]
    return {}


def describe_tag_option(request: Request) -> Answer:
    """DescribeTagOption."""
    return {"TagOptionDetail": tag_option_detail(_own_tag_option(request.text("Id")))}


def list_tag_options(request: Request) -> Answer:
    """ListTagOptions."""
    wanted = request.input.get("Filters") or {}
    found = [tag_option_detail(option) for option in here(catalog.tag_options.values())]
    return {"TagOptionDetails": [each for each in found if all(each[name] == value for name, value in wanted.items())]}


def associate_tag_option(request: Request) -> Answer:
    """AssociateTagOptionWithResource."""
    option, resource = _own_tag_option(request.text("TagOptionId")), request.text("ResourceId")
    if resource not in catalog.portfolios and resource not in catalog.products:
        raise not_found(f"Resource {resource}")
    link = TagOptionAssociation(resource, option.id)
    if link in catalog.tag_option_associations:
        raise duplicate(f"Tag option {option.id} is associated with {resource} already.")
    catalog.tag_option_associations.append(link)
    return {}


def disassociate_tag_option(request: Request) -> Answer:
    """DisassociateTagOptionFromResource."""
    link = TagOptionAssociation(request.text("ResourceId"), request.text("TagOptionId"))
    if link not in catalog.tag_option_associations:
        raise not_found(f"Tag option {link.tag_option} of {link.resource}")
    catalog.tag_option_associations.remove(link)
    return {}


def list_resources_for_tag_option(request: Request) -> Answer:
    """ListResourcesForTagOption."""
    option = _own_tag_option(request.text("TagOptionId"))
    resources: list[Portfolio | Product] = [*catalog.portfolios.values(), *catalog.products.values()]
    linked = {link.resource for link in catalog.tag_option_associations if link.tag_option == option.id}
    found = [
        {
            "Id": resource.id,
            "ARN": resource.arn,
            "Name": resource.display_name if isinstance(resource, Portfolio) else resource.name,
            "CreatedTime": resource.created,
        }
        for resource in resources
        if resource.id in linked
    ]
    return {"ResourceDetails": found}


OPERATIONS: Mapping[str, Callable[[Request], Answer]] = {
    "AssociateTagOptionWithResource": associate_tag_option,
    "CreateTagOption": create_tag_option,
    "DeleteTagOption": delete_tag_option,
    "DescribeTagOption": describe_tag_option,
    "DisassociateTagOptionFromResource": disassociate_tag_option,
    "ListResourcesForTagOption": list_resources_for_tag_option,
    "ListTagOptions": list_tag_options,
    "UpdateTagOption": update_tag_option,
}
"""The operations by name."""
