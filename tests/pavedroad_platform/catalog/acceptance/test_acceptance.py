"""Every product's launch is held to its promises, and what is not kept is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.proving.acceptance import acceptance_test

OUTPUTS = {
    "AliasArn": "arn:aws:lambda:eu-west-1:111111111111:function:orders:live",
    "EncryptionKeyArn": "arn:aws:kms:eu-west-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef",
    "IsolatedSubnetIds": "subnet-0123456789abcdef4,subnet-0123456789abcdef5",
    "PipelineArn": "arn:aws:imagebuilder:eu-west-1:111111111111:image-pipeline/orders",
    "PrivateSubnetIds": "subnet-0123456789abcdef2,subnet-0123456789abcdef3",
    "PublicSubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
    "QueueArn": "arn:aws:sqs:eu-west-1:111111111111:orders",
}
OTHER_KEY = "arn:aws:kms:eu-west-1:111111111111:key/89abcdef-0123-4567-89ab-cdef01234567"
NOTHING_DENIED = '{"Statement": []}'
ISOLATED = "subnet-0123456789abcdef4"


@pytest.fixture
def told(account: Any) -> Callable[[str], list[str]]:
    """What the acceptance test of a product has against its launch."""

    def problems(key: str) -> list[str]:
        test = acceptance_test(key)
        assert test is not None
        # It can read only what the product hands out.
        names = [output.name for output in products.load(key).outputs]
        return list(test(account.launched({name: OUTPUTS.get(name, f"the-{name}") for name in names})))

    return problems


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_has_a_test_that_finds_nothing_where_all_is_as_promised(told: Any, key: str) -> None:
    assert told(key) == []


# The product, the operation that answers something else, where in the answer, what, and what is told.
FAULTS: list[tuple[str, str, str, Any, str]] = [
    ("application", "wafv2:GetWebACLForResource", "WebACL", None, "no firewall looks at its requests"),
    ("application", "ecs:DescribeServices", "services.0.status", "DRAINING", "the service is DRAINING"),
    (
        "application",
        "rds:DescribeDBClusters",
        "DBClusters.1.StorageEncrypted",
        False,
        "its storage is not encrypted",
    ),
    ("application", "elbv2:DescribeLoadBalancers", "LoadBalancers", [], "no load balancer has the name"),
    ("aurora-cluster", "rds:DescribeDBClusters", "DBClusters", [], "no cluster answers at the-Endpoint"),
    ("aurora-cluster", "rds:DescribeDBClusters", "DBClusters.0.KmsKeyId", OTHER_KEY, "not encrypted with its own"),
    ("aurora-cluster", "rds:DescribeDBClusters", "DBClusters.0.MasterUserSecret", None, "administrator's password"),
    ("aurora-cluster", "rds:DescribeDBClusters", "DBClusters.0.BackupRetentionPeriod", 1, "less than 7 days"),
    (
        "aurora-cluster",
        "rds:DescribeDBClusters",
        "DBClusters.0.EnabledCloudwatchLogsExports",
        [],
        "its log postgresql is not exported",
    ),
    ("aurora-cluster", "rds:DescribeDBInstances", "DBInstances", [], "orders has no instance"),
    (
        "aurora-cluster",
        "rds:DescribeDBInstances",
        "DBInstances.0.PubliclyAccessible",
        True,
        "orders-a is reached from the internet",
    ),
    (
        "aurora-cluster",
        "rds:DescribeDBInstances",
        "DBInstances.0.AvailabilityZone",
        "eu-west-1b",
        "all of its instances are in one zone",
    ),
    (
        "aurora-cluster",
        "rds:DescribeDBClusterParameters",
        "Parameters.0.ParameterValue",
        "0",
        "it answers without TLS: rds.force_ssl is 0",
    ),
    (
        "aurora-cluster",
        "rds:DescribeDBClusters",
        "DBClusters.0.IAMDatabaseAuthenticationEnabled",
        False,
        "applications cannot log in with IAM",
    ),
    (
        "dashboard",
        "cloudwatch:GetDashboard",
        "DashboardBody",
        '{"widgets": [{"type": "text"}]}',
        "nothing but headings",
    ),
    (
        "dashboard",
        "cloudwatch:GetDashboard",
        "DashboardBody",
        '{"widgets": [{"type": "metric", "properties": {"title": "Load", "region": "us-east-1"}}]}',
        "'Load' is of us-east-1",
    ),
    (
        "database",
        "rds:DescribeDBInstances",
        "DBInstances.0.StorageEncrypted",
        False,
        "its storage is not encrypted",
    ),
    ("database", "rds:DescribeDBInstances", "DBInstances.0.PubliclyAccessible", True, "reached from the internet"),
    ("delivery-pipeline", "sns:GetTopicAttributes", "Attributes.KmsMasterKeyId", None, "messages of the-TopicArn"),
    (
        "document-database",
        "docdb:DescribeDBClusters",
        "DBClusters.0.KmsKeyId",
        OTHER_KEY,
        "not encrypted with its own",
    ),
    ("document-database", "docdb:DescribeDBClusterParameters", "Parameters.1.ParameterValue", "disabled", "tls is"),
    (
        "document-database",
        "docdb:DescribeDBClusterParameters",
        "Parameters.2.ParameterValue",
        "none",
        "audit_logs is",
    ),
    (
        "fargate-service",
        "ecs:DescribeServices",
        "services.0.networkConfiguration.awsvpcConfiguration.assignPublicIp",
        "ENABLED",
        "its tasks have public addresses",
    ),
    ("fargate-service", "ecs:DescribeServices", "services", [], "there is no service the-ServiceName"),
    ("fargate-service", "elbv2:DescribeListeners", "Listeners.0.Protocol", "HTTP", "port 443 answers without TLS"),
    ("fargate-service", "logs:DescribeLogGroups", "logGroups", [], "there is no log the-LogGroupName"),
    (
        "fargate-service",
        "logs:DescribeLogGroups",
        "logGroups.0.kmsKeyId",
        None,
        "not encrypted with a key of its own",
    ),
    ("fargate-service", "logs:DescribeLogGroups", "logGroups.0.retentionInDays", None, "is kept for ever"),
    (
        "image-pipeline",
        "imagebuilder:GetImagePipeline",
        "imagePipeline.imageTestsConfiguration.imageTestsEnabled",
        False,
        "images are not tested",
    ),
    (
        "image-pipeline",
        "imagebuilder:GetImagePipeline",
        "imagePipeline.imageScanningConfiguration",
        None,
        "images are not scanned",
    ),
    (
        "image-pipeline",
        "imagebuilder:GetImageRecipe",
        "imageRecipe.blockDeviceMappings.0.ebs.kmsKeyId",
        OTHER_KEY,
        "the volumes of images are not encrypted",
    ),
    (
        "image-pipeline",
        "imagebuilder:GetDistributionConfiguration",
        "distributionConfiguration.distributions.0.amiDistributionConfiguration.kmsKeyId",
        None,
        "images in eu-west-1 are not encrypted",
    ),
    (
        "image-pipeline",
        "imagebuilder:GetInfrastructureConfiguration",
        "infrastructureConfiguration.instanceMetadataOptions",
        None,
        "is read without a token",
    ),
    ("instance-fleet", "autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups", [], "there is no group"),
    (
        "instance-fleet",
        "autoscaling:DescribeAutoScalingGroups",
        "AutoScalingGroups.0.MaxInstanceLifetime",
        None,
        "instances are not replaced by age",
    ),
    (
        "instance-fleet",
        "autoscaling:DescribeAutoScalingGroups",
        "AutoScalingGroups.0.AvailabilityZones",
        ["eu-west-1a"],
        "all instances are in one zone",
    ),
    *(
        (
            "instance-fleet",
            "ec2:DescribeLaunchTemplateVersions",
            f"LaunchTemplateVersions.0.LaunchTemplateData.{path}",
            value,
            sentence,
        )
        for path, value, sentence in (
            ("MetadataOptions.HttpTokens", "optional", "their metadata is read without a token"),
            ("BlockDeviceMappings.0.Ebs.Encrypted", False, "their volumes are not encrypted"),
            ("BlockDeviceMappings", [], "their volumes are not encrypted"),
            ("KeyName", "ada", "they are entered with the key pair ada"),
            ("NetworkInterfaces.0.AssociatePublicIpAddress", True, "they have public addresses"),
        )
    ),
    (
        "instance-fleet",
        "ec2:DescribeSecurityGroups",
        "SecurityGroups.0.IpPermissions",
        [{"IpProtocol": "-1"}],
        "the-SecurityGroupId admits connections",
    ),
    *(
        ("kubernetes-cluster", "eks:DescribeCluster", f"cluster.{path}", value, sentence)
        for path, value, sentence in (
            ("resourcesVpcConfig.endpointPublicAccess", True, "the Kubernetes API is reached from the internet"),
            ("encryptionConfig.0.provider.keyArn", OTHER_KEY, "its secrets are not encrypted with its own key"),
            ("logging.clusterLogging.0.types", ["api"], "it does not log audit, authenticator, controllerManager"),
            ("logging.clusterLogging.0.enabled", False, "it does not log api"),
            ("accessConfig.authenticationMode", "CONFIG_MAP", "who has access is not in the hands of IAM alone"),
        )
    ),
    *(
        ("lambda-service", "lambda:GetFunctionConfiguration", path, value, sentence)
        for path, value, sentence in (
            ("KMSKeyArn", None, "its environment is not encrypted"),
            ("TracingConfig.Mode", "PassThrough", "its calls are not traced"),
            ("DeadLetterConfig", None, "what failed is lost"),
            ("LoggingConfig.LogGroup", "another", "it does not write to the-LogGroupName"),
        )
    ),
    (
        "lambda-service",
        "lambda:ListFunctionUrlConfigs",
        "FunctionUrlConfigs",
        [
            {
                "FunctionUrl": "https://0123456789abcdef.lambda-url.eu-west-1.on.aws/",
                "FunctionArn": "arn:aws:lambda:eu-west-1:111111111111:function:orders",
                "CreationTime": "2026-01-01T00:00:00Z",
                "LastModifiedTime": "2026-01-01T00:00:00Z",
                "AuthType": "NONE",
            }
        ],
        "https://0123456789abcdef.lambda-url.eu-west-1.on.aws/ is called without a signature",
    ),
    ("network", "ec2:DescribeSubnets", "Subnets.0.MapPublicIpOnLaunch", True, "gives public addresses"),
    (
        "network",
        "ec2:DescribeSubnets",
        "Subnets.0.AvailabilityZone",
        "eu-west-1b",
        "PublicSubnetIds are in the same zone",
    ),
    ("network", "ec2:DescribeFlowLogs", "FlowLogs", [], "the traffic of the network is not recorded"),
    (
        "network",
        "ec2:DescribeRouteTables",
        "RouteTables.0.Routes.0.DestinationCidrBlock",
        "0.0.0.0/0",
        f"{ISOLATED}, which is to be isolated, has a route to the internet",
    ),
    (
        "queue-and-topic",
        "sqs:GetQueueAttributes",
        "Attributes.KmsMasterKeyId",
        OTHER_KEY,
        "messages of the-QueueUrl",
    ),
    (
        "queue-and-topic",
        "sqs:GetQueueAttributes",
        "Attributes.Policy",
        NOTHING_DENIED,
        "the-QueueUrl answers calls without",
    ),
    (
        "queue-and-topic",
        "sqs:GetQueueAttributes",
        "Attributes.RedrivePolicy",
        None,
        "is not kept in the dead-letter queue",
    ),
    (
        "queue-and-topic",
        "sns:GetTopicAttributes",
        "Attributes.Policy",
        NOTHING_DENIED,
        "the-TopicArn takes messages",
    ),
    (
        "queue-and-topic",
        "sns:ListSubscriptionsByTopic",
        "Subscriptions",
        [],
        "the queue does not hear of the topic",
    ),
    ("secure-bucket", "kms:GetKeyRotationStatus", "KeyRotationEnabled", False, "is not rotated"),
    ("secure-bucket", "kms:ListResourceTags", "Tags.4.TagKey", "squad", "has no tag team"),
    ("secure-bucket", "s3:GetBucketTagging", "TagSet", [], "has no tag application, cost-centre"),
    ("secure-bucket", "s3:GetBucketVersioning", "Status", "Suspended", "the bucket keeps no versions"),
    ("secure-bucket", "s3:GetBucketPolicy", "Policy", NOTHING_DENIED, "the-BucketName answers calls without TLS"),
    (
        "secure-bucket",
        "s3:GetPublicAccessBlock",
        "PublicAccessBlockConfiguration.BlockPublicAcls",
        False,
        "public access to the-AccessLogBucketName is not blocked",
    ),
    (
        "secure-bucket",
        "s3:GetBucketEncryption",
        "ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault.SSEAlgorithm",
        "AES256",
        "objects in the-BucketName are not encrypted",
    ),
    *(
        ("static-website", "cloudfront:GetDistributionConfig", f"DistributionConfig.{path}", value, sentence)
        for path, value, sentence in (
            ("DefaultCacheBehavior.ViewerProtocolPolicy", "allow-all", "pages are delivered without TLS"),
            ("ViewerCertificate.MinimumProtocolVersion", "TLSv1", "visitors may use old versions of TLS"),
            ("Origins.Items.0.OriginAccessControlId", "", "the files are not read by CloudFront in its own name"),
            ("Logging.Enabled", False, "who asked for what is not recorded"),
            ("DefaultCacheBehavior.ResponseHeadersPolicyId", None, "pages come without security headers"),
        )
    ),
    (
        "static-website",
        "cloudfront:GetResponseHeadersPolicyConfig",
        "ResponseHeadersPolicyConfig.SecurityHeadersConfig.FrameOptions",
        None,
        "pages come without the header of FrameOptions",
    ),
    (
        "table",
        "dynamodb:DescribeTable",
        "Table.SSEDescription.KMSMasterKeyArn",
        OTHER_KEY,
        "not encrypted with its own",
    ),
    ("table", "dynamodb:DescribeTable", "Table.SSEDescription", None, "the table is not encrypted"),
    *(
        (
            "table",
            "dynamodb:DescribeContinuousBackups",
            f"ContinuousBackupsDescription.PointInTimeRecoveryDescription.{name}",
            value,
            sentence,
        )
        for name, value, sentence in (
            ("PointInTimeRecoveryStatus", "DISABLED", "the table cannot be restored to a point in time"),
            ("RecoveryPeriodInDays", 1, "the table can be restored to less than 7 days ago"),
        )
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}: {fault[-1]}")
def test_what_is_not_as_promised_is_found(told: Any, changed: Any, fault: tuple[str, str, str, Any, str]) -> None:
    key, operation, path, value, sentence = fault
    changed(operation, path, value)
    found = told(key)
    assert [each for each in found if sentence in each], found


# What the policy SecurityAudit of AWS allows, of the services that are asked; not of Image Builder.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/SecurityAudit.html
_SECURITY_AUDIT = {
    "autoscaling": {"Describe"},
    "cloudfront": {"Get", "List"},
    "cloudwatch": {"GetDashboard"},
    "dynamodb": {"DescribeContinuousBackups", "DescribeTable"},
    "ec2": {"Describe"},
    "ecs": {"Describe", "List"},
    "eks": {"DescribeCluster", "DescribeNodegroup", "ListNodegroups"},
    "elasticloadbalancing": {"Describe"},
    "kms": {"Describe", "Get", "List"},
    "lambda": {"GetFunctionConfiguration", "List"},
    "logs": {"Describe"},
    "rds": {"Describe"},
    "s3": {"GetBucket", "GetEncryptionConfiguration"},
    "sns": {"GetTopicAttributes", "ListSubscriptionsByTopic"},
    "sqs": {"GetQueueAttributes"},
    "wafv2": {"GetWebACLForResource"},
}
_PREFIXES = {"docdb": "rds", "elbv2": "elasticloadbalancing"}
_ACTIONS = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
}


def test_the_proof_role_may_make_every_call(told: Any, account: Any, assembly: Path) -> None:
    for key in products.KEYS:
        told(key)
    assert len(account.called) > 40
    template = json.loads((assembly / "pavedroad-catalog-test.template.json").read_text())
    (policy,) = (
        each["Properties"]["PolicyDocument"]
        for each in template["Resources"].values()
        if each["Properties"].get("ManagedPolicyName") == "PavedRoadCatalogProofAccess"
    )
    own = {action for statement in policy["Statement"] for action in statement["Action"]}
    for operation in account.called:
        service, _, name = _ACTIONS.get(operation, operation).partition(":")
        service = _PREFIXES.get(service, service)
        audited = any(name.startswith(beginning) for beginning in _SECURITY_AUDIT.get(service, ()))
        assert audited or f"{service}:{name}" in own, operation
