"""Container images in private Amazon ECR repositories, by their URI."""

import re

import jsii
from aws_cdk import Fn, Stack, Token
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from constructs import Construct

_ECR_URI = re.compile(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/[a-z0-9][a-z0-9._/-]*(:[\w.-]{1,128}|@sha256:[0-9a-f]{64})"
)


class EcrImage(ecs.ContainerImage):
    """An image by its private ECR URI, which may be a CloudFormation parameter.

    The CDK grants nothing for a URI (``ContainerImage.from_registry``), so that the task could not pull. Here the pull
    right is derived from the URI and covers exactly its repository, in whichever account and region it is. A
    repository of another account must admit this one in its own policy.

    Args:
        uri: ``<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`` or ``...@sha256:<digest>``. A parameter
            should have ``PATTERN`` as its allowed pattern.

    Raises:
        ValueError: The URI is no private ECR URI with a tag or digest.

    Example:
        >>> from pavedroad.compute.ecs.ecr_image import EcrImage
        >>> image = EcrImage("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1.4.2")
    """

    PATTERN = f"^{_ECR_URI.pattern}$"

    def __init__(self, uri: str) -> None:
        super().__init__()
        if not Token.is_unresolved(uri) and not _ECR_URI.fullmatch(uri):
            raise ValueError(
                f"uri={uri!r}: must be a private ECR URI with a tag or digest, such as "
                "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1.4.2; "
                "for a public image use ecs.ContainerImage.from_registry"
            )
        self._uri = uri

    @jsii.member(jsii_name="bind")
    def bind(self, scope: Construct, container_definition: ecs.ContainerDefinition) -> ecs.ContainerImageConfig:
        """Let the task pull the image; called by the task definition."""
        self._repository(scope).grant_pull(container_definition.task_definition.obtain_execution_role())
        return ecs.ContainerImageConfig(image_name=self._uri)

    def _repository(self, scope: Construct) -> ecr.IRepository:
        # By intrinsic functions, so that a parameter is taken apart when the stack is launched. What follows the host
        # is "shop/orders:1.4.2" or "shop/orders@sha256:..."; neither ':' nor '@' can stand in a repository's name.
        host = Fn.split(".", self._uri, 4)
        path = Fn.split(".amazonaws.com/", self._uri, 2)[1]
        name = Fn.split("@", Fn.split(":", path, 1)[0], 1)[0]
        arn = Stack.of(scope).format_arn(
            service="ecr",
            account=host[0],
            region=host[3],
            resource="repository",
            resource_name=name,
        )
        return ecr.Repository.from_repository_attributes(scope, "Repository", repository_arn=arn, repository_name=name)
