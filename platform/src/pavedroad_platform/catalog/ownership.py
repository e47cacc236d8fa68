"""Who owns what a product makes: read from the account that launches it, so that nobody can mistype it."""

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from pavedroad.governance.mandatory_tags import TAG_KEYS, MandatoryTags
from pavedroad_platform.catalog.product import Parameter, Parameters
from pavedroad_platform.organization.names import tag_parameter

_GROUP = "Ownership: filled in from the account"

# What holds data may be more or less sensitive than its application; the form asks.
_ASKED = "data_classification"

_PARAMETERS = {
    "application": ("Application", "The application that it belongs to: the tag application."),
    "team": ("Team", "The team that owns it: the tag team."),
    "environment": ("Environment", "Where it stands: the tag environment."),
    "cost_centre": ("CostCentre", "Who pays: the tag cost-centre."),
}

_DATA_CLASSIFICATION = Parameter(
    name="DataClassification",
    label="Data classification",
    group="Data",
    help="How sensitive the data is: the tag data-classification.",
    default="confidential",
    allowed_values=("public", "internal", "confidential", "restricted"),
    constraint="One of public, internal, confidential and restricted.",
)

OWNERSHIP_PARAMETERS = (
    _DATA_CLASSIFICATION,
    *(
        Parameter(
            name=name,
            label=name.replace("CostCentre", "Cost centre"),
            group=_GROUP,
            help=f"{help_text} Leave it as it is: the name of a parameter of the account.",
            type="AWS::SSM::Parameter::Value<String>",
            default=tag_parameter(TAG_KEYS[attribute]),
        )
        for attribute, (name, help_text) in _PARAMETERS.items()
    ),
)
"""The fields that the form of every product ends with."""


def ownership_tags(parameters: Parameters) -> MandatoryTags:
    """The mandatory tags as the form's parameters give them."""
    values = {attribute: parameters[name].value_as_string for attribute, (name, _) in _PARAMETERS.items()}
    return MandatoryTags(**values, data_classification=parameters[_DATA_CLASSIFICATION.name].value_as_string)


class OwnershipParameters(Construct):
    """The SSM parameters that tell products who owns an account.

    Args:
        scope: The parent construct, in an account that launches.
        construct_id: The id, unique among the parent's children.
        tags: The mandatory tags of the account.

    Example:
        >>> OwnershipParameters(stack, "OwnershipParameters", tags=organization.tags_for(account))
    """

    def __init__(self, scope: Construct, construct_id: str, *, tags: MandatoryTags) -> None:
        super().__init__(scope, construct_id)
        for attribute in _PARAMETERS:
            key = TAG_KEYS[attribute]
            ssm.StringParameter(
                self,
                key,
                parameter_name=tag_parameter(key),
                string_value=tags.by_key[key],
                description=f"The tag {key} of what products make in this account.",
            )
