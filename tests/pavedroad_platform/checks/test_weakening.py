import copy
from collections.abc import Sequence

from pavedroad_platform.checks.findings import Finding, FinishedTemplate
from pavedroad_platform.checks.mutations.campaign import judge, mutants
from pavedroad_platform.checks.mutations.report import markdown
from pavedroad_platform.checks.mutations.weakening import mutants_of

BODY = {
    "Resources": {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "Properties": {
                "BucketEncryption": {"Ref": "Somewhere"},
                "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
            },
        },
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {
                    "Statement": [
                        {"Effect": "Deny", "Sid": "Tls", "Action": "s3:*", "Principal": "*", "Resource": "*"},
                        {
                            "Effect": "Allow",
                            "Action": "s3:PutObject",
                            "Principal": {"Service": "logging.s3.amazonaws.com"},
                            "Resource": "x",
                            "Condition": {"StringEquals": {}},
                        },
                    ]
                },
            },
        },
    }
}
TEMPLATE = FinishedTemplate(name="Stack", body=BODY)


class OnlySeesMissingEncryption:
    name = "encryption"

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        return [
            Finding(check=self.name, rule="E1", template=template.name, resource=logical_id, message="")
            for template in templates
            for logical_id, resource in template.resources.items()
            if resource["Type"] == "AWS::S3::Bucket" and "BucketEncryption" not in resource["Properties"]
        ]


def test_weakens_switches_protections_policies_and_deletion_one_at_a_time() -> None:
    assert {(mutant.resource, mutant.place, mutant.change) for mutant in mutants_of(TEMPLATE)} == {
        ("Bucket", "DeletionPolicy", "Delete"),
        ("Bucket", "Properties.BucketEncryption", "removed"),
        ("Bucket", "Properties.PublicAccessBlockConfiguration", "removed"),
        ("Bucket", "Properties.PublicAccessBlockConfiguration.BlockPublicAcls", "True becomes False"),
        ("Policy", "Properties.PolicyDocument.Statement.0", "deny Tls removed"),
        ("Policy", "Properties.PolicyDocument.Statement.1.Condition", "removed"),
        ("Policy", "Properties.PolicyDocument.Statement.1.Action", "becomes *"),
        ("Policy", "Properties.PolicyDocument.Statement.1.Principal", "becomes *"),
    }


def test_the_original_stays_as_it_was() -> None:
    before = copy.deepcopy(BODY)
    assert list(mutants_of(TEMPLATE))
    assert before == BODY


def test_a_mutant_is_caught_only_by_what_the_change_brought_about() -> None:
    verdicts = judge(
        mutants([TEMPLATE]), [OnlySeesMissingEncryption()], thorough=True, on_check=lambda _name, _count: None
    )
    caught = [verdict.mutant.place for verdict in verdicts if verdict.caught_by]
    assert caught == ["Properties.BucketEncryption"]
    assert sum(verdict.survived for verdict in verdicts) == len(verdicts) - 1


def test_the_page_counts_and_names_what_noticed() -> None:
    verdicts = judge(
        mutants([TEMPLATE]), [OnlySeesMissingEncryption()], thorough=True, on_check=lambda _name, _count: None
    )
    page = markdown(verdicts)
    assert "8 weakenings: **1 caught**, **7 survived**" in page
    assert "| AWS::S3::Bucket | `Properties.BucketEncryption` | removed | 1 | `encryption: E1` |" in page
    assert "| AWS::S3::Bucket | `DeletionPolicy` | Delete | 1 | **nothing** (1) |" in page


def test_everybody_cannot_be_widened() -> None:
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Principal": {"AWS": "*"}, "Resource": "*"}
    body = {"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [statement]}}}}}
    changes = [mutant.place for mutant in mutants_of(FinishedTemplate(name="Stack", body=body))]
    assert changes == ["Properties.KeyPolicy.Statement.0.Action"]


def test_metadata_of_instances_is_weakened() -> None:
    options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    properties = {"LaunchTemplateData": {"MetadataOptions": options}}
    body = {"Resources": {"Template": {"Type": "AWS::EC2::LaunchTemplate", "Properties": properties}}}
    mutants_found = mutants_of(FinishedTemplate(name="Stack", body=body))
    changes = {(mutant.place.rpartition(".")[2], mutant.change) for mutant in mutants_found}
    assert changes == {
        ("MetadataOptions", "removed"),
        ("HttpTokens", "becomes optional"),
        ("HttpPutResponseHopLimit", "becomes 64"),
    }
