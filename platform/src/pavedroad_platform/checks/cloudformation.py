"""CloudFormation's own view of finished templates: cfn-lint and cloudformation-validate."""

import json
from collections.abc import Sequence

from pavedroad_platform.checks.findings import Finding, FinishedTemplate

# A dependency that a reference makes already: the CDK writes such everywhere, and leaves this rule out itself.
_REDUNDANT_DEPENDENCY = "W3005"
_WITH_LOGICAL_IDS = {"Parameters", "Resources"}


class CfnLint:
    """cfn-lint's errors and warnings.

    Args:
        regions: The regions whose resource specifications apply.
    """

    name = "cfn-lint"

    def __init__(self, regions: Sequence[str]) -> None:
        self._regions = list(regions)

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Errors and warnings; informational rules are left out."""
        from cfnlint.api import ManualArgs, lint

        found = []
        for template in templates:
            settings = ManualArgs(regions=self._regions, ignore_checks=[_REDUNDANT_DEPENDENCY])
            for match in lint(json.dumps(template.body), config=settings):
                path = [str(part) for part in getattr(match, "path", None) or []]
                found.append(
                    Finding(
                        check=self.name,
                        rule=f"cfn-lint::{match.rule.id}",
                        template=template.name,
                        resource=path[1] if len(path) > 1 and path[0] in _WITH_LOGICAL_IDS else None,
                        message=f"{match.message} ({'/'.join(path)})",
                    )
                )
        return found


class CloudFormationValidate:
    """The validation engine that the CDK itself carries, on every template, products included."""

    name = "cloudformation-validate"

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Its errors and warnings."""
        from cloudformation_validate import CompositeEngine, Severity, TemplateContent

        serious = {Severity.WARN, Severity.ERROR, Severity.FATAL}
        engine = CompositeEngine()
        found = []
        for template in templates:
            report = engine.validate_template(TemplateContent(json.dumps(template.body), template.name))
            found += [
                Finding(
                    check=self.name,
                    rule=f"cloudformation-validate::{diagnostic.rule_id}",
                    template=template.name,
                    resource=diagnostic.entity.logical_id if diagnostic.entity else None,
                    message=diagnostic.message,
                )
                for diagnostic in report.diagnostics
                if diagnostic.severity in serious and diagnostic.rule_id != _REDUNDANT_DEPENDENCY
            ]
        return found
