import pytest

LOGGING = "pavedroad-logging"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/pavedroad-organization-trail"
LOCKED = ("pavedroad-log-archive-333333333333-eu-west-1", "pavedroad-flow-logs-333333333333-eu-west-1")


@pytest.fixture
def bucket(resources):
    def find(name):
        ((logical_id, found),) = resources(LOGGING, "AWS::S3::Bucket", BucketName=name).items()
        return logical_id, found

    return find


@pytest.fixture
def admitted(resources, bucket):
    """The statements of a bucket's policy that allow something to a service."""

    def find(name, service):
        logical_id, _ = bucket(name)
        (policy,) = resources(LOGGING, "AWS::S3::BucketPolicy", Bucket={"Ref": logical_id}).values()
        return [
            statement
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if statement["Principal"] == {"Service": service}
        ]

    return find


@pytest.mark.parametrize("name", LOCKED)
def test_archives_are_locked_encrypted_versioned_and_kept(resources, bucket, name) -> None:
    ((key, _),) = resources(LOGGING, "AWS::KMS::Key").items()
    _, found = bucket(name)
    assert found["DeletionPolicy"] == "Retain"
    properties = found["Properties"]
    assert properties["ObjectLockEnabled"] is True
    assert properties["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}},
    }
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {
        "KMSMasterKeyID": {"Fn::GetAtt": [key, "Arn"]},
        "SSEAlgorithm": "aws:kms",
    }


@pytest.mark.parametrize("name", [*LOCKED, "pavedroad-access-logs-333333333333-eu-west-1"])
def test_logs_grow_cheaper_and_end_as_configured(bucket, name) -> None:
    _, found = bucket(name)
    (rule,) = (rule for rule in found["Properties"]["LifecycleConfiguration"]["Rules"] if rule["Id"] == "archive")
    assert rule["ExpirationInDays"] == 2557
    assert rule["Transitions"] == [
        {"StorageClass": "GLACIER_IR", "TransitionInDays": 90},
        {"StorageClass": "DEEP_ARCHIVE", "TransitionInDays": 365},
    ]


def test_archives_log_their_access_into_the_third_bucket(bucket) -> None:
    target, _ = bucket("pavedroad-access-logs-333333333333-eu-west-1")
    for name in LOCKED:
        _, found = bucket(name)
        assert found["Properties"]["LoggingConfiguration"] == {
            "DestinationBucketName": {"Ref": target},
            "LogFilePrefix": f"{name}/",
        }


def test_cloudtrail_writes_for_the_organisation_trail_alone(bucket, admitted) -> None:
    logical_id, _ = bucket(LOCKED[0])
    arn = {"Fn::GetAtt": [logical_id, "Arn"]}
    service = {"Service": "cloudtrail.amazonaws.com"}
    assert admitted(LOCKED[0], "cloudtrail.amazonaws.com") == [
        {
            "Effect": "Allow",
            "Action": "s3:GetBucketAcl",
            "Principal": service,
            "Resource": arn,
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
        },
        {
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Principal": service,
            "Resource": [
                {"Fn::Join": ["", [arn, "/AWSLogs/111111111111/*"]]},
                {"Fn::Join": ["", [arn, "/AWSLogs/o-exampleorgid/*"]]},
            ],
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]


def test_flow_logs_come_from_the_organisation_alone(admitted) -> None:
    statements = admitted(LOCKED[1], "delivery.logs.amazonaws.com")
    assert [statement["Action"] for statement in statements] == ["s3:GetBucketAcl", "s3:PutObject"]
    for statement in statements:
        assert statement["Condition"]["StringEquals"]["aws:SourceOrgID"] == "o-exampleorgid"


def test_the_key_serves_the_trail_flow_logs_config_and_its_own_account_only(resources) -> None:
    (key,) = resources(LOGGING, "AWS::KMS::Key").values()
    services = {
        (service, tuple(sorted(_conditions(statement).items())))
        for statement in key["Properties"]["KeyPolicy"]["Statement"]
        if "Service" in statement["Principal"]
        for service in _listed(statement["Principal"]["Service"])
    }
    assert services == {
        ("cloudtrail.amazonaws.com", (("aws:SourceArn", TRAIL),)),
        ("delivery.logs.amazonaws.com", (("aws:SourceOrgID", "o-exampleorgid"),)),
        ("config.amazonaws.com", (("aws:SourceOrgID", "o-exampleorgid"),)),
    }
    others = {
        str(statement["Principal"])
        for statement in key["Properties"]["KeyPolicy"]["Statement"]
        if "Service" not in statement["Principal"]
    }
    assert all("333333333333" in principal for principal in others)
    assert key["Properties"]["EnableKeyRotation"] is True


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _conditions(statement: dict) -> dict:
    return statement["Condition"]["StringEquals"]


def test_auditors_read_the_archive_and_change_nothing(resources) -> None:
    ((auditor, _),) = resources(LOGGING, "AWS::IAM::Role", RoleName="PavedRoadAuditor").items()
    actions = {
        action
        for policy in resources(LOGGING, "AWS::IAM::ManagedPolicy", Roles=[{"Ref": auditor}]).values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in _listed(statement["Action"])
    }
    assert actions == {"kms:Decrypt", "s3:GetObject", "s3:ListBucket"}


def test_logical_ids_are_a_contract(resources) -> None:
    assert set(resources(LOGGING, "AWS::S3::Bucket")) == {
        "AccessLogs247031D9",
        "ConfigurationHistory56A01439",
        "FlowLogs91F8F4DF",
        "LogArchiveD8221837",
        "Reports76CC4739",
    }
    assert set(resources(LOGGING, "AWS::KMS::Key")) == {"Key961B73FD"}
    assert set(resources(LOGGING, "AWS::KMS::Alias")) == {"KeyAlias910D852D"}
