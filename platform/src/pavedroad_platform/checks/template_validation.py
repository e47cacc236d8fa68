"""CDK's built-in template validation, by the same engine in machine code.

The CDK runs the engine ``cloudformation-validate`` as WebAssembly, which takes seconds to compile in every synthesis.
"""

from collections.abc import Iterator

import jsii
from aws_cdk import (
    CloudFormationValidatePlugin,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyValidationStack,
    PolicyViolatingResource,
    PolicyViolation,
)
from cloudformation_validate import (
    CompositeEngine,
    DetailLevel,
    Diagnostic,
    EntityType,
    PseudoParameterOverrides,
    RuleFilterConfig,
    ServiceFilter,
    Severity,
    ValidateConfig,
    version,
)

# What CDK's plugin leaves out: rules about things that the CDK takes care of.
_LEFT_OUT = RuleFilterConfig(
    ids=["W3005", "W1020", "E1018", "W9002", "W9013", "W1103"],
    services=[ServiceFilter(rule_id="W3697", service="AWS::AutoScaling")],
)
_SEVERITIES = {Severity.WARN: "warning", Severity.ERROR: "error", Severity.FATAL: "error"}


@jsii.implements(IPolicyValidationPlugin)
class TemplateValidation:
    """Fails the synthesis on every error that the engine finds in a stack's finished template.

    It takes the place of the CDK's own plugin: the same name, so that the same acknowledgments answer, and the same
    rules but for the CDK's one of its own, about fleets of GameLift. Warnings are reported and do not fail.

    Example:
        >>> app = App(builtin_cloud_formation_validation=False)
        >>> Validations.of(app).add_plugins(TemplateValidation())
    """

    @property
    def name(self) -> str:
        """The name in the report, which also begins the ids of acknowledgments."""
        return CloudFormationValidatePlugin.PLUGIN_NAME

    @property
    def version(self) -> str:
        """The engine's version."""
        return str(version())

    @property
    def rule_ids(self) -> list[str]:
        """Not listed: they serve the CDK's analytics only."""
        return []

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Called by the CDK with the finished templates.

        Args:
            context: Where the templates are.

        Returns:
            Every error and warning.
        """
        engine = CompositeEngine()
        found = [violation for stack in context.stack_templates for violation in _violations(engine, stack)]
        succeeded = all(violation.severity != "error" for violation in found)
        return PolicyValidationPluginReport(success=succeeded, violations=found)


def _violations(engine: CompositeEngine, stack: PolicyValidationStack) -> Iterator[PolicyViolation]:
    report = engine.validate_template(
        stack.template_path,
        ValidateConfig(
            detail_level=DetailLevel.STANDARD,
            severity_level=Severity.WARN,
            exclude=_LEFT_OUT,
            pseudo_parameter_overrides=PseudoParameterOverrides(account_id=stack.account_id, region=stack.region),
        ),
    )
    for diagnostic in report.diagnostics:
        place = diagnostic.property_path
        yield PolicyViolation(
            rule_name=diagnostic.rule_id,
            severity=_SEVERITIES[diagnostic.severity],
            description=f"{place.removeprefix('Properties.')}: {diagnostic.message}" if place else diagnostic.message,
            fix=diagnostic.suggested_fix,
            violating_resources=[_resource(diagnostic, stack)],
            rule_metadata={"category": diagnostic.category} if diagnostic.category else None,
        )


def _resource(diagnostic: Diagnostic, stack: PolicyValidationStack) -> PolicyViolatingResource:
    entity = diagnostic.entity
    logical_id = entity.logical_id if entity and entity.entity_type is EntityType.RESOURCE else None
    return PolicyViolatingResource(
        resource_logical_id=logical_id,
        construct_path=None if logical_id else stack.stack_construct_path,
        template_path=stack.template_path,
        locations=[diagnostic.property_path] if diagnostic.property_path else [],
    )
