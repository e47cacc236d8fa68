from pavedroad_platform.checks.findings import Acknowledgment, Finding, FinishedTemplate, acknowledgments_in


def finding(resource: str | None, rule: str = "AwsSolutions-S1") -> Finding:
    return Finding(check="cdk-nag", rule=rule, template="Stack", resource=resource, message="")


def template(path: str) -> FinishedTemplate:
    acknowledgment = Acknowledgment(finding="AwsSolutions-S1", reason="a log bucket", path=path)
    paths = {"Logs": "/Stack/Logs/Resource", "Data": "/Stack/Data/Resource"}
    return FinishedTemplate(name="Stack", body={}, paths=paths, acknowledgments=[acknowledgment])


def test_an_acknowledgment_holds_for_everything_beneath_its_construct() -> None:
    assert template("/Stack/Logs").answer_to(finding("Logs"))
    assert template("/Stack").answer_to(finding("Data"))


def test_it_holds_for_no_neighbour_no_namesake_and_no_other_rule() -> None:
    assert template("/Stack/Logs").answer_to(finding("Data")) is None
    assert template("/Stack/Log").answer_to(finding("Logs")) is None
    assert template("/Stack/Logs").answer_to(finding("Logs", "AwsSolutions-S10")) is None


def test_a_finding_about_an_unknown_resource_is_never_answered() -> None:
    assert template("/Stack").answer_to(finding("Elsewhere")) is None
    assert template("/Stack").answer_to(finding(None)) is None


def test_reads_logical_ids_and_acknowledgments_from_construct_metadata() -> None:
    paths, acknowledgments = acknowledgments_in(
        [
            ("/Stack/Logs/Resource", "aws:cdk:logicalId", "Logs"),
            ("/Stack/Logs", "aws:cdk:acknowledged-rules", {"Annotation::AwsSolutions-S1": "a log bucket"}),
            ("/Stack", "aws:cdk:creationStack", []),
        ]
    )
    assert paths == {"Logs": "/Stack/Logs/Resource"}
    assert acknowledgments == [
        Acknowledgment(finding="AwsSolutions-S1", reason="a log bucket", path="/Stack/Logs"),
    ]
