"""Values of a template as they are after its deployment: references become the names of what was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What a stack made, and where.

    Attributes:
        account: The account's id.
        region: The region.
        types: The types of the resources by logical id.
        ids: The physical ids by logical id.
    """

    account: str
    region: str
    types: Mapping[str, str]
    ids: Mapping[str, str]

    @property
    def _names(self) -> Mapping[str, str]:
        return {"AWS::AccountId": self.account, "AWS::Region": self.region, "AWS::Partition": "aws", **self.ids}

    def value(self, value: Any) -> str:
        """A text of the template, with its references filled in.

        Raises:
            PlatformError: It depends on something that is not deployed, or is computed in a way that is not known here.
        """
        match value:
            case str():
                return value
            case {"Ref": str(name)} if name in self._names:
                return self._names[name]
            case {"Fn::GetAtt": [str(name), "Arn"]} if self.types.get(name) == "AWS::IAM::Role":
                return f"arn:aws:iam::{self.account}:role/{self.ids[name]}"
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(map(self.value, parts))
        cause = f"the value {value} is not known after the deployment"
        raise PlatformError(Problem(cause=cause, fix="deploy the pipeline first: make sandbox"))
