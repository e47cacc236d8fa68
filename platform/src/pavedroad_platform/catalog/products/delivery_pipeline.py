"""The product delivery-pipeline: from a commit to a running service, with tests, checks and an approval."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_sns_subscriptions as subscriptions

from pavedroad.delivery.builds import BuildStep
from pavedroad.delivery.delivery_pipeline import DeliveryPipeline
from pavedroad.delivery.deployments import DeploymentStage, EcsDeployment
from pavedroad.delivery.sources import ConnectionSource
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_SOURCE = "Source"
_BUILD = "Build"
_SERVICE = "Service that is deployed to"
_PEOPLE = "People"

_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/SC-[\w+=,.@-]+"


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    values = {name: parameter.value_as_string for name, parameter in parameters.items()}
    pipeline = DeliveryPipeline(
        stack,
        "Pipeline",
        source=ConnectionSource(
            connection_arn=values["ConnectionArn"], repository=values["Repository"], branch=values["Branch"]
        ),
        build=BuildStep(
            specification_file=values["BuildSpecification"],
            pushes=[ecr.Repository.from_repository_name(stack, "Images", values["ImageRepository"])],
        ),
        test=BuildStep(specification_file=values["TestSpecification"]),
        stages=[
            DeploymentStage(
                name="Production",
                production=True,
                deployments=[
                    EcsDeployment(
                        cluster_name=values["ClusterName"],
                        service_name=values["ServiceName"],
                        task_role_arns=[values["TaskRoleArn"], values["ExecutionRoleArn"]],
                    )
                ],
            )
        ],
    )
    pipeline.topic.add_subscription(subscriptions.EmailSubscription(values["ApproverEmail"]))
    return {
        "PipelineName": pipeline.pipeline.pipeline_name,
        "TopicArn": pipeline.topic.topic_arn,
        "ArtifactBucketName": pipeline.artifact_bucket.bucket_name,
    }


PRODUCT = Product(
    key="delivery-pipeline",
    title="Delivery pipeline",
    version="1.0.0",
    summary=(
        "Builds, tests and checks every change of a repository, asks a person, and deploys it to a Fargate service."
    ),
    parameters=(
        Parameter(
            name="ConnectionArn",
            label="Connection",
            group=_SOURCE,
            help="The connection to GitHub, GitLab or Bitbucket, made once in the account's developer tools.",
            example="arn:aws:codeconnections:eu-west-1:111111111111:connection/01234567-89ab-cdef-0123-456789abcdef",
            pattern=r"arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection/[a-f0-9-]{36}",
            constraint="The ARN of a connection.",
        ),
        Parameter(
            name="Repository",
            label="Repository",
            group=_SOURCE,
            help="The repository, with its owner.",
            example="orders/order-service",
            pattern=r"[\w.-]+/[\w.-]+",
            constraint="Owner and name with a slash between them, such as orders/order-service.",
        ),
        Parameter(
            name="Branch",
            label="Branch",
            group=_SOURCE,
            help="Every change of this branch is delivered.",
            default="main",
            pattern=r"[\w./-]{1,255}",
            constraint="The name of a branch.",
        ),
        Parameter(
            name="BuildSpecification",
            label="Build specification",
            group=_BUILD,
            help="The file that says how to build; it writes imagedefinitions.json.",
            default="buildspec.yml",
            pattern=r"[\w./-]{1,255}",
            constraint="The path of a file in the repository.",
        ),
        Parameter(
            name="TestSpecification",
            label="Test specification",
            group=_BUILD,
            help="The file that says how to test.",
            default="buildspec.test.yml",
            pattern=r"[\w./-]{1,255}",
            constraint="The path of a file in the repository.",
        ),
        Parameter(
            name="ImageRepository",
            label="Image repository",
            group=_BUILD,
            help="The ECR repository of this account and region that the build pushes images to.",
            example="orders/order-service",
            pattern=r"[a-z0-9]+([._/-][a-z0-9]+)*",
            constraint="The name of an ECR repository, such as orders/order-service.",
        ),
        Parameter(
            name="ClusterName",
            label="Cluster",
            group=_SERVICE,
            help="The output ClusterName of the product fargate-service.",
            example="SC-111111111111-pp-abcdefghijklm-ServiceCluster-abcdefghijkl",
            pattern=r"[\w-]{1,255}",
            constraint="The name of an ECS cluster.",
        ),
        Parameter(
            name="ServiceName",
            label="Service",
            group=_SERVICE,
            help="The output ServiceName of the product fargate-service.",
            example="SC-111111111111-pp-abcdefghijklm-Service-abcdefghijkl",
            pattern=r"[\w-]{1,255}",
            constraint="The name of an ECS service.",
        ),
        Parameter(
            name="TaskRoleArn",
            label="Task role",
            group=_SERVICE,
            help="The output TaskRoleArn of the product fargate-service.",
            example="arn:aws:iam::111111111111:role/SC-111111111111-pp-abcdefghijklm-TaskRole-abcdefghijkl",
            pattern=_ROLE,
            constraint="The ARN of a role that a product made: its name begins with SC-.",
        ),
        Parameter(
            name="ExecutionRoleArn",
            label="Execution role",
            group=_SERVICE,
            help="The output ExecutionRoleArn of the product fargate-service.",
            example="arn:aws:iam::111111111111:role/SC-111111111111-pp-abcdefghijklm-ExecutionRole-abcdefghijkl",
            pattern=_ROLE,
            constraint="The ARN of a role that a product made: its name begins with SC-.",
        ),
        Parameter(
            name="ApproverEmail",
            label="Who is asked and told",
            group=_PEOPLE,
            help="Told of failures, and of changes that wait for an approval. AWS asks the address to confirm once.",
            example="orders@example.com",
            pattern=r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+",
            constraint="An e-mail address.",
        ),
    ),
    outputs=(
        Output(name="PipelineName", purpose="The pipeline, to follow changes and approve them."),
        Output(name="TopicArn", purpose="Others who want to be told subscribe to it."),
        Output(name="ArtifactBucketName", purpose="What was built, for 90 days."),
    ),
    build=_build,
)
