"""An account whose services answer what a test says, in the shapes that AWS's models allow."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.validate import validate_parameters

from pavedroad_platform.launching.client import Clients
from pavedroad_platform.proving.acceptance import Launched

KEY = "arn:aws:kms:eu-west-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef"
_TAGS = ("application", "cost-centre", "data-classification", "environment", "team")
_PARAMETERS = {"rds.force_ssl": "1", "tls": "tls1.2+", "audit_logs": "enabled"}
QUEUE = "arn:aws:sqs:eu-west-1:111111111111:orders"


def denying(action: str) -> str:
    """A policy that refuses calls without TLS."""
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", "Condition": condition}
    return json.dumps({"Statement": [statement]})


def _cluster(*logs: str) -> dict[str, Any]:
    return {
        "DBClusterIdentifier": "orders",
        "Endpoint": "the-Endpoint",
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "MasterUserSecret": {"KmsKeyId": KEY},
        "BackupRetentionPeriod": 35,
        "EnabledCloudwatchLogsExports": list(logs),
        "DBClusterParameterGroup": "orders",
    }


_MEMBERS = [
    {"DBInstanceIdentifier": f"orders-{zone}", "AvailabilityZone": f"eu-west-1{zone}", "PubliclyAccessible": False}
    for zone in "ab"
]
_OF_GROUP = [{"ParameterName": name, "ParameterValue": value} for name, value in _PARAMETERS.items()]
_SUBNETS = [
    {"SubnetId": f"subnet-0123456789abcdef{number}", "AvailabilityZone": zone, "MapPublicIpOnLaunch": False}
    for number, zone in enumerate(["eu-west-1a", "eu-west-1b"] * 3)
]
_VOLUME = {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": KEY}}
_TEMPLATE = {"LaunchTemplateId": "lt-0123456789abcdef0", "Version": "1"}
_HEADERS = {
    "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 63072000},
    "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": "default-src 'self'"},
    "FrameOptions": {"Override": True, "FrameOption": "DENY"},
    "ContentTypeOptions": {"Override": True},
}

# What each operation answers where everything is as promised.
ANSWERS: Mapping[str, dict[str, Any]] = {
    "autoscaling:DescribeAutoScalingGroups": {
        "AutoScalingGroups": [
            {
                "AutoScalingGroupName": "orders",
                "MinSize": 2,
                "MaxSize": 6,
                "DesiredCapacity": 2,
                "DefaultCooldown": 300,
                "HealthCheckType": "EBS",
                "CreatedTime": "2026-01-01T00:00:00Z",
                "AvailabilityZones": ["eu-west-1a", "eu-west-1b"],
                "MaxInstanceLifetime": 2592000,
                "MixedInstancesPolicy": {"LaunchTemplate": {"LaunchTemplateSpecification": _TEMPLATE}},
            }
        ]
    },
    "cloudfront:GetDistributionConfig": {
        "DistributionConfig": {
            "CallerReference": "1",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [{"Id": "files", "DomainName": "files.example.com", "OriginAccessControlId": "E1"}],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "files",
                "ViewerProtocolPolicy": "redirect-to-https",
                "ResponseHeadersPolicyId": "headers",
            },
            "Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": "logs", "Prefix": ""},
            "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021"},
        }
    },
    "cloudfront:GetResponseHeadersPolicyConfig": {
        "ResponseHeadersPolicyConfig": {"Name": "headers", "SecurityHeadersConfig": _HEADERS}
    },
    "cloudwatch:GetDashboard": {
        "DashboardBody": json.dumps(
            {"widgets": [{"type": "text"}, {"type": "metric", "properties": {"title": "Load", "region": "eu-west-1"}}]}
        )
    },
    "docdb:DescribeDBClusters": {"DBClusters": [_cluster("audit", "profiler")]},
    "docdb:DescribeDBClusterParameters": {"Parameters": _OF_GROUP},
    "docdb:DescribeDBInstances": {"DBInstances": _MEMBERS},
    "dynamodb:DescribeTable": {
        "Table": {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY}}
    },
    "dynamodb:DescribeContinuousBackups": {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35},
        }
    },
    "ec2:DescribeFlowLogs": {"FlowLogs": [{"FlowLogStatus": "ACTIVE", "TrafficType": "ALL"}]},
    "ec2:DescribeLaunchTemplateVersions": {
        "LaunchTemplateVersions": [
            {
                "LaunchTemplateData": {
                    "MetadataOptions": {"HttpTokens": "required"},
                    "BlockDeviceMappings": [_VOLUME],
                    "NetworkInterfaces": [{"AssociatePublicIpAddress": False}],
                }
            }
        ]
    },
    "ec2:DescribeRouteTables": {"RouteTables": [{"Routes": [{"DestinationCidrBlock": "10.64.0.0/18"}]}]},
    "ec2:DescribeSecurityGroups": {"SecurityGroups": [{"GroupId": "sg-0123456789abcdef0", "IpPermissions": []}]},
    "ec2:DescribeSubnets": {"Subnets": _SUBNETS},
    "ecs:DescribeServices": {
        "services": [
            {
                "status": "ACTIVE",
                "networkConfiguration": {"awsvpcConfiguration": {"subnets": [], "assignPublicIp": "DISABLED"}},
            }
        ]
    },
    "eks:DescribeCluster": {
        "cluster": {
            "resourcesVpcConfig": {"endpointPublicAccess": False},
            "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": KEY}}],
            "logging": {
                "clusterLogging": [
                    {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": True}
                ]
            },
            "accessConfig": {"authenticationMode": "API"},
        }
    },
    "eks:ListNodegroups": {"nodegroups": ["general"]},
    "eks:DescribeNodegroup": {"nodegroup": {"launchTemplate": {"id": "lt-0123456789abcdef0", "version": "1"}}},
    "elbv2:DescribeLoadBalancers": {
        "LoadBalancers": [
            {
                "DNSName": "the-LoadBalancerName",
                "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/orders/1",
            }
        ]
    },
    "elbv2:DescribeListeners": {
        "Listeners": [
            {"Port": 443, "Protocol": "HTTPS", "DefaultActions": [{"Type": "forward"}]},
            {"Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "redirect"}]},
        ]
    },
    "imagebuilder:GetImagePipeline": {
        "imagePipeline": {
            "imageRecipeArn": "arn:aws:imagebuilder:eu-west-1:111111111111:image-recipe/orders/1.0.0",
            "distributionConfigurationArn": "arn:aws:imagebuilder:eu-west-1:111111111111:distribution-configuration/a",
            "infrastructureConfigurationArn": (
                "arn:aws:imagebuilder:eu-west-1:111111111111:infrastructure-configuration/a"
            ),
            "imageTestsConfiguration": {"imageTestsEnabled": True},
            "imageScanningConfiguration": {"imageScanningEnabled": True},
        }
    },
    "imagebuilder:GetImageRecipe": {
        "imageRecipe": {"blockDeviceMappings": [{"ebs": {"encrypted": True, "kmsKeyId": KEY}}]}
    },
    "imagebuilder:GetDistributionConfiguration": {
        "distributionConfiguration": {
            "timeoutMinutes": 720,
            "distributions": [{"region": "eu-west-1", "amiDistributionConfiguration": {"kmsKeyId": KEY}}],
        }
    },
    "imagebuilder:GetInfrastructureConfiguration": {
        "infrastructureConfiguration": {"instanceMetadataOptions": {"httpTokens": "required"}}
    },
    "kms:GetKeyRotationStatus": {"KeyRotationEnabled": True},
    "kms:ListResourceTags": {"Tags": [{"TagKey": tag, "TagValue": "orders"} for tag in _TAGS]},
    "lambda:GetFunctionConfiguration": {
        "KMSKeyArn": KEY,
        "TracingConfig": {"Mode": "Active"},
        "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:111111111111:failed"},
        "LoggingConfig": {"LogGroup": "the-LogGroupName"},
    },
    "lambda:ListFunctionUrlConfigs": {"FunctionUrlConfigs": []},
    "logs:DescribeLogGroups": {
        "logGroups": [
            {"logGroupName": name, "kmsKeyId": KEY, "retentionInDays": 365}
            for name in ("the-LogGroupName", "/aws/eks/the-ClusterName/cluster")
        ]
    },
    "rds:DescribeDBClusters": {
        "DBClusters": [
            {**_cluster("postgresql"), "Endpoint": endpoint, "IAMDatabaseAuthenticationEnabled": True}
            for endpoint in ("the-Endpoint", "the-DatabaseEndpoint")
        ]
    },
    "rds:DescribeDBClusterParameters": {"Parameters": _OF_GROUP},
    "rds:DescribeDBInstances": {
        "DBInstances": [
            {
                **member,
                "Endpoint": {"Address": "the-Endpoint"} if member is _MEMBERS[0] else {},
                "StorageEncrypted": True,
                "KmsKeyId": KEY,
                "BackupRetentionPeriod": 35,
                "MasterUserSecret": {"KmsKeyId": KEY},
            }
            for member in _MEMBERS
        ]
    },
    "s3:GetBucketEncryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
        }
    },
    "s3:GetBucketPolicy": {"Policy": denying("s3:*")},
    "s3:GetBucketTagging": {"TagSet": [{"Key": tag, "Value": "orders"} for tag in _TAGS]},
    "s3:GetBucketVersioning": {"Status": "Enabled"},
    "s3:GetPublicAccessBlock": {
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "RestrictPublicBuckets": True}
    },
    "sns:GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": KEY, "Policy": denying("sns:Publish")}},
    "sns:ListSubscriptionsByTopic": {"Subscriptions": [{"Endpoint": QUEUE}]},
    "sqs:GetQueueAttributes": {
        "Attributes": {
            "QueueArn": "arn:aws:sqs:eu-west-1:111111111111:failed",
            "KmsMasterKeyId": KEY,
            "Policy": denying("sqs:*"),
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111111111111:failed"}),
        }
    },
    "wafv2:GetWebACLForResource": {
        "WebACL": {
            "Name": "orders",
            "Id": "1",
            "ARN": "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/orders/1",
            "DefaultAction": {},
            "VisibilityConfig": {
                "SampledRequestsEnabled": True,
                "CloudWatchMetricsEnabled": True,
                "MetricName": "orders",
            },
        }
    },
}


@dataclass
class AnsweringAccount:
    """Answers the calls of real clients; nothing leaves this process.

    Attributes:
        answers: What each operation answers.
        called: The operations that were called.
    """

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    _clients: dict[str, Any] = field(default_factory=dict)

    def service(self, name: str) -> Any:
        if name not in self._clients:
            client = boto3.client(  # type: ignore[call-overload]
                name, region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
            )
            client.meta.events.register(f"before-call.{client.meta.service_model.service_id.hyphenize()}", self._answer)
            self._clients[name] = client
        return self._clients[name]

    def launched(self, outputs: Mapping[str, str]) -> Launched:
        clients = Clients(service=self.service, account="111111111111", region="eu-west-1")
        return Launched(outputs=outputs, clients=clients)

    def _answer(self, model: Any, **_: Any) -> Any:
        operation = f"{model.service_model.service_name}:{model.name}"
        self.called.add(operation)
        answer = copy.deepcopy(self.answers[operation])
        validate_parameters(answer, model.output_shape)
        return type("Response", (), {"status_code": 200})(), answer


@pytest.fixture(scope="session")
def _account() -> AnsweringAccount:
    return AnsweringAccount()


@pytest.fixture
def account(_account: AnsweringAccount) -> Iterator[AnsweringAccount]:
    """One in which everything is as promised, until a test says otherwise."""
    _account.answers = copy.deepcopy(dict(ANSWERS))
    yield _account
    _account.called.clear()


@pytest.fixture
def changed(account: AnsweringAccount) -> Callable[[str, str, Any], None]:
    """Changes an answer of the account at a dotted path."""

    def change(operation: str, path: str, value: Any) -> None:
        *way, last = path.split(".")
        place: Any = account.answers[operation]
        for name in way:
            place = place[int(name) if isinstance(place, list) else name]
        if isinstance(place, list):
            place[int(last)] = value
        elif value is None:
            del place[last]
        else:
            place[last] = value

    return change
