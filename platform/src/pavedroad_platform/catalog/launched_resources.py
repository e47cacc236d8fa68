"""The resources of a template as a launch makes them: conditions decided, values of parameters and mappings put in."""

from collections.abc import Mapping
from typing import Any, Final

_NOTHING: Final = object()
_FROM_THE_ACCOUNT: Final = "AWS::SSM::Parameter::Value<"


def launched_resources(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The resources that a launch with ``values`` makes, by logical id.

    What only AWS knows, such as the id of another resource, stays as the template has it. A condition on it holds.

    Args:
        template: A template.
        values: The values of parameters; what is left out has its default.
    """
    resolver = _Resolver(template, values)
    return {
        logical_id: resolver.resolved({key: value for key, value in resource.items() if key != "Condition"})
        for logical_id, resource in template["Resources"].items()
        if "Condition" not in resource or resolver.holds({"Condition": resource["Condition"]})
    }


class _Resolver:
    def __init__(self, template: Mapping[str, Any], values: Mapping[str, str]) -> None:
        self._conditions = template.get("Conditions", {})
        self._mappings = template.get("Mappings", {})
        self._values: dict[str, Any] = {"AWS::NoValue": _NOTHING}
        for name, parameter in template.get("Parameters", {}).items():
            kind, value = str(parameter["Type"]), values.get(name, parameter.get("Default"))
            if value is not None and not kind.startswith(_FROM_THE_ACCOUNT):
                is_list = kind.startswith("List<") or kind == "CommaDelimitedList"
                self._values[name] = str(value).split(",") if is_list else str(value)

    def resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(self.resolved, value) if item is not _NOTHING]
        return self._of_mapping(value) if isinstance(value, dict) else value

    def _of_mapping(self, value: dict[str, Any]) -> Any:
        match value:
            case {"Ref": str(name)} if name in self._values:
                return self._values[name]
            case {"Fn::If": [condition, if_true, if_false]}:
                return self.resolved(if_true if self.holds({"Condition": condition}) else if_false)
            case {"Fn::FindInMap": [str(name), *keys]}:
                return self._found(name, self.resolved(keys), value)
            case {"Fn::Join": [separator, list() as parts]}:
                joined = self.resolved(parts)
                return separator.join(joined) if all(isinstance(it, str) for it in joined) else value
        resolved = {key: self.resolved(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not _NOTHING}

    def holds(self, condition: Any) -> bool:
        match condition:
            case {"Condition": str(name)}:
                return self.holds(self._conditions[name])
            case {"Fn::And": conditions}:
                return all(map(self.holds, conditions))
            case {"Fn::Or": conditions}:
                return any(map(self.holds, conditions))
            case {"Fn::Not": [negated]}:
                return not self.holds(negated)
            case {"Fn::Equals": [left, right]}:
                sides = self.resolved([left, right])
                return not all(isinstance(side, str) for side in sides) or sides[0] == sides[1]
        return True

    def _found(self, name: str, keys: list[Any], otherwise: Any) -> Any:
        found = self._mappings.get(name, {})
        for key in keys:
            if not isinstance(key, str) or key not in found:
                return otherwise
            found = found[key]
        return found
