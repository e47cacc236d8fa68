import pytest

GATEWAY = "pavedroad-gateway"
SIGN_IN_ROLES = ("PlatformEngineer", "Developer", "Auditor", "BreakGlass")


@pytest.fixture
def sign_in_role(resources):
    def find(name):
        (role,) = resources(GATEWAY, "AWS::IAM::Role", RoleName=f"PavedRoadGateway{name}").values()
        return role["Properties"]

    return find


@pytest.mark.parametrize("name", SIGN_IN_ROLES)
def test_only_a_traceable_person_with_a_second_factor_signs_in(resources, sign_in_role, name) -> None:
    ((provider, _),) = resources(GATEWAY, "AWS::IAM::SAMLProvider").items()
    federated = {"Federated": {"Ref": provider}}
    assert sign_in_role(name)["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRoleWithSAML",
                "Principal": federated,
                "Condition": {
                    "StringEquals": {
                        "SAML:aud": "https://eu-west-1.signin.aws.amazon.com/saml",
                        "aws:RequestedRegion": "eu-west-1",
                        "aws:RequestTag/mfa": "true",
                        "sts:SourceIdentity": "${aws:RequestTag/user}",
                    },
                    "StringLike": {"aws:RequestTag/team": "?*"},
                },
            },
            {"Effect": "Allow", "Action": ["sts:SetSourceIdentity", "sts:TagSession"], "Principal": federated},
            *(
                {
                    "Sid": f"{tag.capitalize()}IsTransitive",
                    "Effect": "Deny",
                    "Action": "sts:AssumeRoleWithSAML",
                    "Principal": federated,
                    "Condition": {"ForAllValues:StringNotEquals": {"sts:TransitiveTagKeys": tag}},
                }
                for tag in ("user", "team", "mfa")
            ),
        ],
    }


@pytest.mark.parametrize("name", SIGN_IN_ROLES)
def test_a_sign_in_role_only_takes_the_role_of_its_name_in_the_organisation(templates, sign_in_role, name) -> None:
    role = sign_in_role(name)
    assert "Policies" not in role
    assert "ManagedPolicyArns" not in role
    logical_id = f"SignIn{name}"
    attached = [
        resource["Properties"]["PolicyDocument"]["Statement"]
        for resource in templates[GATEWAY]["Resources"].values()
        if resource["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")
        and any(reference["Ref"].startswith(logical_id) for reference in resource["Properties"]["Roles"])
    ]
    assert attached == [
        [
            {
                "Effect": "Allow",
                "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
                "Resource": f"arn:aws:iam::*:role/PavedRoad{name}",
                "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-exampleorgid"}},
            }
        ]
    ]


def test_sessions_last_as_long_as_configured(sign_in_role) -> None:
    assert {name: sign_in_role(name)["MaxSessionDuration"] // 3600 for name in SIGN_IN_ROLES} == {
        "PlatformEngineer": 8,
        "Developer": 8,
        "Auditor": 4,
        "BreakGlass": 1,
    }


def test_the_identity_provider_is_told_what_to_assert(templates) -> None:
    outputs = templates[GATEWAY]["Outputs"]
    assert outputs["AttributeDeveloper"]["Description"] == "The SAML attribute Role for members of orders-developers"


def test_every_use_of_the_break_glass_role_raises_an_alarm(resources) -> None:
    ((break_glass, _),) = resources(GATEWAY, "AWS::IAM::Role", RoleName="PavedRoadGatewayBreakGlass").items()
    ((topic, _),) = resources(GATEWAY, "AWS::SNS::Topic").items()
    (rule,) = resources(GATEWAY, "AWS::Events::Rule").values()
    assert rule["Properties"]["EventPattern"] == {
        "source": ["aws.sts"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["sts.amazonaws.com"],
            "eventName": ["AssumeRoleWithSAML"],
            "requestParameters": {"roleArn": [{"Fn::GetAtt": [break_glass, "Arn"]}]},
        },
    }
    assert rule["Properties"]["State"] == "ENABLED"
    assert rule["Properties"]["Targets"] == [{"Arn": {"Ref": topic}, "Id": "Alarms"}]
    assert resources(GATEWAY, "AWS::SNS::Subscription", Endpoint="security@example.com", Protocol="email")


def test_eventbridge_may_encrypt_alarms_of_this_account_only(resources) -> None:
    (key,) = resources(GATEWAY, "AWS::KMS::Key").values()
    admitted = [
        statement
        for statement in key["Properties"]["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"Service": "events.amazonaws.com"}
    ]
    assert admitted == [
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Principal": {"Service": "events.amazonaws.com"},
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}},
        }
    ]
