"""The cdk-nag packs on finished templates.

Inside the app the packs do not see what is made of raw CloudFormation resources (the CDK's own custom resource
handlers) and nothing that an override changed. Read back from the template they see all of it.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pavedroad_platform.checks.findings import Finding, FinishedTemplate

if TYPE_CHECKING:
    from aws_cdk import PolicyValidationPluginReport


class NagPacks:
    """AwsSolutions and NIST 800-53 r5 on templates."""

    name = "cdk-nag"

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Everything that the two packs object to."""
        import aws_cdk as cdk
        from aws_cdk.cloudformation_include import CfnInclude
        from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

        app = cdk.App(builtin_cloud_formation_validation=False, analytics_reporting=False)
        packs = [AwsSolutionsChecks(), NIST80053R5Checks()]
        found = []
        with tempfile.TemporaryDirectory() as folder:
            for number, template in enumerate(templates):
                file = Path(folder) / f"{number}.template.json"
                file.write_text(json.dumps(includable(template)))
                stack = cdk.Stack(app, f"Template{number}")
                try:
                    CfnInclude(stack, "Finished", template_file=str(file))
                except RuntimeError as error:  # what jsii raises for every error of the CDK
                    found.append(self._unreadable(template, error))
                    continue
                found += [finding for pack in packs for finding in self._findings(template, pack.validate_scope(stack))]
        return found

    def _unreadable(self, template: FinishedTemplate, error: RuntimeError) -> Finding:
        message = str(error).splitlines()[0]
        return Finding(check=self.name, rule="unreadable", template=template.name, resource=None, message=message)

    def _findings(self, template: FinishedTemplate, report: "PolicyValidationPluginReport") -> Iterator[Finding]:
        for violation in report.violations:
            for resource in violation.violating_resources:
                yield Finding(
                    check=self.name,
                    rule=violation.rule_name,
                    template=template.name,
                    resource=(resource.construct_path or "").rpartition("/")[2] or None,
                    message=violation.description,
                )


def includable(template: FinishedTemplate) -> dict[str, object]:
    """The template as it is launched with its form's defaults, and without what CfnInclude cannot read.

    The packs cannot judge what a parameter decides. Rules assert parameters and have no bearing on resources.
    """
    parameters = template.body.get("Parameters", {})
    defaults = {
        name: parameter["Default"]
        for name, parameter in parameters.items()
        if "Default" in parameter and parameter["Type"] in {"String", "Number"}
    }
    parts = {name: part for name, part in template.body.items() if name != "Rules"}
    return parts | {"Resources": _with_defaults(template.resources, defaults)}


def _with_defaults(value: object, defaults: Mapping[str, object]) -> object:
    if isinstance(value, list):
        return [_with_defaults(part, defaults) for part in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1 and value.get("Ref") in defaults:
        return defaults[value["Ref"]]
    return {name: _with_defaults(part, defaults) for name, part in value.items()}
