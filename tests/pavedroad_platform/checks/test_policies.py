from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.policies import Parliament, policy_documents


def role(statement: dict[str, object]) -> FinishedTemplate:
    document = {"Version": "2012-10-17", "Statement": [statement]}
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
    }
    return FinishedTemplate(name="Stack", body={"Resources": resources})


def resolved(resource: object) -> object:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
    [(_, document)] = policy_documents(role(statement))
    return document["Statement"][0]["Resource"]


def test_references_become_arns_that_the_linter_can_compare() -> None:
    assert resolved({"Fn::GetAtt": ["Bucket", "Arn"]}) == "arn:aws:s3:::bucket"
    secret = resolved({"Fn::GetAtt": ["Bucket", "MasterUserSecret.SecretArn"]})
    assert str(secret).startswith("arn:aws:secretsmanager:")
    assert resolved({"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/*"]]}) == "arn:aws:s3:::bucket/*"
    assert resolved({"Fn::Sub": "arn:${AWS::Partition}:s3:::b-${AWS::AccountId}"}) == "arn:aws:s3:::b-111111111111"
    assert resolved({"Ref": "Unknown"}) == "*"


def test_a_trust_policy_is_about_its_role() -> None:
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x"}}]}
    template = FinishedTemplate(
        name="Stack",
        body={"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}}},
    )
    [(_, document)] = policy_documents(template)
    assert document["Statement"][0]["Resource"] == "arn:aws:iam::111111111111:role/role"


def test_finds_an_action_that_does_not_exist_and_a_resource_that_does_not_fit() -> None:
    bucket = {"Fn::GetAtt": ["Bucket", "Arn"]}
    wrong = [
        role({"Effect": "Allow", "Action": "s3:GetObjects", "Resource": bucket}),
        role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": bucket}),
    ]
    assert [[f.rule for f in Parliament().run([template])] for template in wrong] == [
        ["parliament::UNKNOWN_ACTION"],
        ["parliament::RESOURCE_MISMATCH"],
    ]


def test_says_nothing_of_a_wildcard_whose_other_actions_take_other_resources() -> None:
    statement = {"Effect": "Allow", "Action": "s3:List*", "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]}}
    assert Parliament().run([role(statement)]) == []
