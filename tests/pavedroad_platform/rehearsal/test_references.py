"""Values of the template after its deployment."""

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.rehearsal.references import Deployed

DEPLOYED = Deployed(
    account="555555555555",
    region="eu-west-1",
    types={"Role": "AWS::IAM::Role", "Key": "AWS::KMS::Key"},
    ids={"Role": "pipeline-role", "Key": "1234"},
)


def test_references_become_what_was_made() -> None:
    value = {"Fn::Join": [":", ["a", {"Ref": "Key"}, {"Ref": "AWS::Region"}, {"Fn::GetAtt": ["Role", "Arn"]}]]}
    assert DEPLOYED.value(value) == "a:1234:eu-west-1:arn:aws:iam::555555555555:role/pipeline-role"


@pytest.mark.parametrize("value", [{"Ref": "Nothing"}, {"Fn::GetAtt": ["Key", "Arn"]}, {"Fn::Sub": "${Key}"}])
def test_what_is_not_known_is_told(value: object) -> None:
    with pytest.raises(PlatformError, match="is not known after the deployment"):
        DEPLOYED.value(value)
