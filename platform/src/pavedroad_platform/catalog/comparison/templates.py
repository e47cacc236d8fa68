"""Everything that differs between two templates of a product, the gravest first."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pavedroad_platform.catalog.comparison.change import ProductChange, major, minor, patch
from pavedroad_platform.catalog.comparison.expansion import Template, condition, expanded
from pavedroad_platform.catalog.comparison.parameters import parameter_changes
from pavedroad_platform.catalog.comparison.resources import replacing_parameters, resource_changes

# A title says which version it is of; that alone is no change.
_VERSION_IN_DESCRIPTION = re.compile(r" \d+\.\d+\.\d+(?=: )")

_COMPARED = {"Description", "Parameters", "Rules", "Conditions", "Mappings", "Resources", "Outputs", "Metadata"}


def compare(before: Template, after: Template) -> list[ProductChange]:
    """Every difference between two templates of a product.

    Conditions and mappings are compared where they are used; one that nothing uses is no difference.

    Example:
        >>> compare(releases.template("1.0.0"), json.loads(render(product)))
        [ProductChange(step=<Step.MAJOR: 3>, what='output BucketArn is gone', advice=...)]
    """
    found = [
        *parameter_changes(
            before.get("Parameters", {}),
            after.get("Parameters", {}),
            replacing_parameters(before) | replacing_parameters(after),
        ),
        *_rule_changes(before.get("Rules", {}), after.get("Rules", {})),
        *resource_changes(before, after),
        *_output_changes(before, after),
        *_text_changes(before, after),
    ]
    return sorted(found, key=lambda change: -change.step)


def _rule_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ProductChange]:
    advice = "Check that your values keep it when you upgrade."
    for name, rule in before.items():
        if name not in after:
            yield minor(f"rule {name} is gone: values that it refused are taken")
        elif _judged(rule) != _judged(after[name]):
            # Whether one expression takes all that another takes cannot be seen in general.
            yield major(f"rule {name} asks for something else", advice)
        elif rule != after[name]:
            yield patch(f"rule {name} has another text")
    for name in after:
        if name not in before:
            yield major(f"rule {name} is new: values that were taken may be refused", advice)


def _judged(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    """A rule without its texts."""
    return rule.get("RuleCondition"), [assertion["Assert"] for assertion in rule["Assertions"]]


def _output_changes(before: Template, after: Template) -> Iterator[ProductChange]:
    old, new = before.get("Outputs", {}), after.get("Outputs", {})
    for name, output in old.items():
        if name not in new:
            yield major(f"output {name} is gone", "Take it out of whatever reads it before you upgrade.")
            continue
        if _handed_out(output, before) != _handed_out(new[name], after):
            yield major(f"output {name} gives another value", "Read it again wherever it was written down.")
        if output.get("Description") != new[name].get("Description"):
            yield patch(f"output {name} has another description")
    for name in new:
        if name not in old:
            yield minor(f"output {name} is new")


def _handed_out(output: Mapping[str, Any], template: Template) -> tuple[Any, ...]:
    """What an output gives, under which name, and when."""
    when = condition(output["Condition"], template) if "Condition" in output else None
    return expanded(output["Value"], template), output.get("Export"), when


def _text_changes(before: Template, after: Template) -> Iterator[ProductChange]:
    old, new = (_VERSION_IN_DESCRIPTION.sub("", it.get("Description", ""), count=1) for it in (before, after))
    if old != new:
        yield patch("the description of the product is another")
    if before.get("Metadata") != after.get("Metadata"):
        yield patch("the form has other labels, headings or another order")
    for section in sorted({*before, *after} - _COMPARED):
        if before.get(section) != after.get(section):
            yield major(f"the section {section} is another", "Look at the change set before you upgrade.")
