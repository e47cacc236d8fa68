"""A product as a CloudFormation template: the form, the rules and the outputs around what its builder builds."""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_cdk import CfnOutput, CfnParameter, CfnRule, CfnRuleAssertion
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge
from pavedroad.version_stamp import STAMP_CONTEXT
from pavedroad_platform.catalog.ownership import OWNERSHIP_PARAMETERS, ownership_tags
from pavedroad_platform.catalog.product import Parameter, Parameters, Product, Rule
from pavedroad_platform.organization.names import PERMISSIONS_BOUNDARY

_OF_CONDITIONAL_OUTPUTS = (
    "The validator does not read Fn::If in outputs: the value is that of the resource only under the condition of the"
    " resource. cfn-lint, which reads it, checks the same."
)


class ProductTemplate(servicecatalog.ProductStack):
    """The template of a product.

    Every role in it carries the platform's permissions boundary: without it the launch role may not create the role.
    Every resource carries the mandatory tags of the account that launches it. None carries the library's version: a
    product's version is its own, and a release of the library must not change what is frozen.

    Args:
        scope: A construct in the stack that the product is part of.
        construct_id: The id, unique among the parent's children.
        product: What to build.

    Raises:
        ValueError: The builder returned other outputs than the product describes.

    Example:
        >>> ProductTemplate(stack, "secure-bucket", product=products.load("secure-bucket"))
    """

    def __init__(self, scope: Construct, construct_id: str, *, product: Product) -> None:
        super().__init__(
            scope,
            construct_id,
            analytics_reporting=False,
            description=f"{product.title} {product.version}: {product.summary}",
        )
        self.node.set_context(STAMP_CONTEXT, False)  # noqa: FBT003 - the value that the key takes
        form = (*product.parameters, *OWNERSHIP_PARAMETERS)
        self.template_options.metadata = {"AWS::CloudFormation::Interface": _console_form(form)}
        parameters = {parameter.name: self._add_parameter(parameter) for parameter in form}
        for rule in product.rules:
            self._add_rule(rule, parameters)
        self._add_outputs(product, product.build(self, parameters))
        ownership_tags(parameters).apply(self)
        boundary = iam.ManagedPolicy.from_managed_policy_name(self, "PermissionsBoundary", PERMISSIONS_BOUNDARY)
        iam.PermissionsBoundary.of(self).apply(boundary)

    def _add_parameter(self, parameter: Parameter) -> CfnParameter:
        is_number = parameter.type == "Number"
        return CfnParameter(
            self,
            parameter.name,
            type=parameter.type,
            description=parameter.help,
            # Allowed values are texts, whatever the type; the default must be one of them.
            default=str(parameter.default) if parameter.allowed_values else parameter.default,
            allowed_values=list(parameter.allowed_values) or None,
            allowed_pattern=parameter.pattern,
            constraint_description=parameter.constraint,
            min_value=parameter.minimum if is_number else None,
            max_value=parameter.maximum if is_number else None,
            min_length=None if is_number else parameter.minimum,
            max_length=None if is_number else parameter.maximum,
        )

    def _add_rule(self, rule: Rule, parameters: Parameters) -> None:
        CfnRule(
            self,
            rule.name,
            assertions=[
                CfnRuleAssertion(assert_=rule.assertion(parameters), assert_description=rule.description),
            ],
            rule_condition=rule.condition(parameters) if rule.condition else None,
        )

    def _add_outputs(self, product: Product, values: Mapping[str, str]) -> None:
        described = {output.name for output in product.outputs}
        if described != set(values):
            wrong = ", ".join(sorted(described ^ set(values)))
            raise ValueError(f"product {product.key}: described and built outputs differ: {wrong}")
        for output in product.outputs:
            value = values[output.name]
            made = CfnOutput(self, output.name, value=value, description=output.purpose)
            if "Fn::If" in str(self.resolve(value)):
                acknowledge(made, "cloudformation-validate::W1001", _OF_CONDITIONAL_OUTPUTS)


def _console_form(form: Iterable[Parameter]) -> dict[str, Any]:
    """The order, headings and labels that the console shows.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-interface.html
    """
    groups: dict[str, list[str]] = {}
    for parameter in form:
        groups.setdefault(parameter.group, []).append(parameter.name)
    return {
        "ParameterGroups": [{"Label": {"default": group}, "Parameters": names} for group, names in groups.items()],
        "ParameterLabels": {parameter.name: {"default": parameter.label} for parameter in form},
    }
