"""The product delivery-pipeline: from a commit to a running service, with tests, checks and an approval."""

import json
from collections.abc import Mapping

from aws_cdk import Annotations, CfnCondition, Fn, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_sns_subscriptions as subscriptions

from pavedroad.compute.ecs.application_container import APPLICATION
from pavedroad.delivery.pipeline.builds import BuildStep
from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline
from pavedroad.delivery.pipeline.deployments import DeploymentStage, EcsDeployment
from pavedroad.delivery.pipeline.sources import ConnectionSource
from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product, ProductOutput

_SOURCE = "Source"
_BUILD = "Build"
_SERVICE = "Service that is deployed to"
_PEOPLE = "People"

_LOG_IN = 'aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY_URI%%/*}"'
# Docker's daemon asks for a privileged build: the image of CodeBuild has no builder that does without.
_BUILD_AN_IMAGE = {
    "version": "0.2",
    "env": {"shell": "bash"},
    "phases": {
        "pre_build": {"commands": [_LOG_IN]},
        "build": {
            "commands": [
                # The number makes the tag new when a change is released once more: tags may be immutable.
                'IMAGE_URI="$IMAGE_REPOSITORY_URI:$CODEBUILD_RESOLVED_SOURCE_VERSION-$CODEBUILD_BUILD_NUMBER"',
                'docker build --tag "$IMAGE_URI" .',
                'docker push "$IMAGE_URI"',
                f"""printf '[{{"name":"{APPLICATION}","imageUri":"%s"}}]' "$IMAGE_URI" > imagedefinitions.json""",
            ]
        },
    },
    "artifacts": {"files": ["imagedefinitions.json"]},
}
"""Builds the Dockerfile of the repository, pushes the image and names it for the deployment to ECS."""

_WHY_PRIVILEGED = (
    "The build makes a container image, for which Docker needs a privileged build environment. It is a virtual machine "
    "that serves one build and is thrown away; its role may push to one repository and has no right to deploy. It runs "
    "what was merged into the one branch, and a person approves what came out of it before production."
)

_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/SC-[\w+=,.@-]+"


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    values = {name: parameter.value_as_string for name, parameter in parameters.items()}
    images = ecr.Repository.from_repository_name(stack, "Images", values["ImageRepository"])
    has_own = CfnCondition(
        stack,
        "HasOwnBuildSpecification",
        expression=Fn.condition_not(Fn.condition_equals(values["BuildSpecification"], "")),
    )
    specification = Fn.condition_if(has_own.logical_id, values["BuildSpecification"], json.dumps(_BUILD_AN_IMAGE))
    pipeline = DeliveryPipeline(
        stack,
        "Pipeline",
        source=ConnectionSource(
            connection_arn=values["ConnectionArn"], repository=values["Repository"], branch=values["Branch"]
        ),
        build=BuildStep(
            specification_file=specification.to_string(),
            environment={"IMAGE_REPOSITORY_URI": images.repository_uri},
            pushes=[images],
            privileged=True,
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
    Annotations.of(pipeline).acknowledge_warning("pavedroad:pipeline-privileged-build-Build", _WHY_PRIVILEGED)
    acknowledge(pipeline.projects["Build"], "AwsSolutions-CB3", _WHY_PRIVILEGED)
    acknowledge(pipeline.projects["Build"], "PavedRoad-CodeBuild-2", _WHY_PRIVILEGED)
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
            help=(
                "The file that says how to build, and writes imagedefinitions.json. Left empty: the Dockerfile at the "
                "top of the repository is built and pushed."
            ),
            default="",
            pattern=r"[\w./-]{0,255}",
            constraint="The path of a file in the repository, or nothing.",
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
            canary=ProductOutput(product="fargate-service", output="ClusterName"),
            pattern=r"[\w-]{1,255}",
            constraint="The name of an ECS cluster.",
        ),
        Parameter(
            name="ServiceName",
            label="Service",
            group=_SERVICE,
            help="The output ServiceName of the product fargate-service.",
            example="SC-111111111111-pp-abcdefghijklm-Service-abcdefghijkl",
            canary=ProductOutput(product="fargate-service", output="ServiceName"),
            pattern=r"[\w-]{1,255}",
            constraint="The name of an ECS service.",
        ),
        Parameter(
            name="TaskRoleArn",
            label="Task role",
            group=_SERVICE,
            help="The output TaskRoleArn of the product fargate-service.",
            example="arn:aws:iam::111111111111:role/SC-111111111111-pp-abcdefghijklm-TaskRole-abcdefghijkl",
            canary=ProductOutput(product="fargate-service", output="TaskRoleArn"),
            pattern=_ROLE,
            constraint="The ARN of a role that a product made: its name begins with SC-.",
        ),
        Parameter(
            name="ExecutionRoleArn",
            label="Execution role",
            group=_SERVICE,
            help="The output ExecutionRoleArn of the product fargate-service.",
            example="arn:aws:iam::111111111111:role/SC-111111111111-pp-abcdefghijklm-ExecutionRole-abcdefghijkl",
            canary=ProductOutput(product="fargate-service", output="ExecutionRoleArn"),
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
