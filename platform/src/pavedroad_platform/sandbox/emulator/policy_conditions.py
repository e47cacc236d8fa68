"""What conditions know besides what MiniStack evaluates: policy variables, and the organisation of the resource.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator

from pavedroad_platform.sandbox.emulator.service_catalog.access import principal_arn

_VARIABLE = re.compile(r"\$\{([^}]+)\}")


def install() -> None:
    """Complete the evaluation of conditions, in every policy."""
    resolve, met = iam_evaluator._resolve_condition_key, iam_evaluator._conditions_met

    def resolve_more(key: str, context: Any) -> Any:
        if key.lower() == "aws:principalarn":
            # Of a session it is the role's own.
            return principal_arn(context.principal_arn)
        if key.lower() == "aws:resourceorgid":
            owner = iam_evaluator._account_from_arn(context.resource_arn) or context.principal_account
            return iam_evaluator._principal_org_id(owner)
        return resolve(key, context)

    def met_with_variables(conditions: Mapping[str, Any], context: Any) -> bool:
        return bool(met(_filled(conditions, context), context))

    iam_evaluator._resolve_condition_key = resolve_more
    iam_evaluator._conditions_met = met_with_variables


def _filled(part: Any, context: Any) -> Any:
    """A condition block with its variables filled in; one without a value stays, and matches nothing."""
    if isinstance(part, Mapping):
        return {name: _filled(inner, context) for name, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, context) for inner in part]
    if isinstance(part, str):
        return _VARIABLE.sub(lambda found: _value(found, context), part)
    return part


def _value(found: re.Match[str], context: Any) -> str:
    value = iam_evaluator._resolve_condition_key(found[1], context)
    return value if isinstance(value, str) else found[0]
