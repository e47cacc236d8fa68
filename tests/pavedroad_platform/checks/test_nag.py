from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.nag import NagPacks, includable


def key(rotation: object) -> FinishedTemplate:
    resource = {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": rotation, "KeyPolicy": {"Statement": []}}}
    parameters = {"Rotation": {"Type": "String", "Default": "false"}}
    rules = {"Rules": {"R": {"Assertions": []}}}
    return FinishedTemplate(name="t", body={"Parameters": parameters, "Resources": {"Key": resource}, **rules})


def test_a_parameter_counts_with_its_default_as_a_launch_without_changes_would_have_it() -> None:
    body = includable(key({"Ref": "Rotation"}))
    assert body["Resources"]["Key"]["Properties"]["EnableKeyRotation"] == "false"
    assert "Rules" not in body


def test_finds_what_a_finished_template_lacks_and_names_the_resource() -> None:
    def findings(rotation: object) -> set[tuple[str, str | None]]:
        return {(finding.rule, finding.resource) for finding in NagPacks().run([key(rotation)])}

    weak = {("AwsSolutions-KMS5", "Key"), ("NIST.800.53.R5-KMSBackingKeyRotationEnabled", "Key")}
    assert findings({"Ref": "Rotation"}) == weak
    assert findings(rotation=True) == set()


def test_a_template_that_the_cdk_cannot_read_is_a_finding() -> None:
    broken = FinishedTemplate(name="t", body={"Resources": {"A": {"Type": "AWS::SNS::Topic", "DependsOn": "Nobody"}}})
    [finding] = NagPacks().run([broken])
    assert finding.rule == "unreadable"
    assert "Nobody" in finding.message
