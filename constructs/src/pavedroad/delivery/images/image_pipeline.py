"""A pipeline of EC2 Image Builder: hardened, tested and distributed images on a schedule."""

from collections.abc import Sequence

import jsii
from aws_cdk import Annotations, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.images.build_instances import build_role, build_security_group, check_subnet, infrastructure
from pavedroad.delivery.images.components import (
    ImageComponent,
    check_components,
    managed_component,
    own_components,
)
from pavedroad.delivery.images.distribution import (
    ImageCopy,
    ImageSharing,
    check_distribution,
    distribute_containers,
    distribute_machines,
    share_key,
)
from pavedroad.delivery.images.image_notifications import notify_of_images
from pavedroad.delivery.images.lifecycle import delete_old_images
from pavedroad.delivery.images.pipeline_invariants import hold_pipeline
from pavedroad.delivery.images.recipes import ContainerOutput, container_recipe, image_recipe
from pavedroad.naming import unique_name
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_TYPES = {"x86_64": ("m6i.large", "m5.large"), "arm64": ("m7g.large", "m6g.large")}
_HARDENING = ("high", "medium", "low")
_BOOT_TESTS = ("simple-boot-test-linux", "reboot-test-linux")
_BASE = r"ami-[0-9a-f]{8,17}|ssm:/[\w./-]+|arn:[a-z-]+:imagebuilder:[\w.:/-]+|[a-z0-9][\w./-]+:[\w.-]+"
_BASE_IN_WORDS = "an image's ARN in Image Builder, an AMI's id, ssm: and a parameter's name, or a container's URI"
_PARAMETER = r"/imagebuilder/[\w.-]+(/[\w.-]+)*"
_CRON = r"(cron|rate)\(.+\)"


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class ImagePipeline(Construct):
    """Builds machine images (AMIs) or container images: updated, hardened, scanned, tested, encrypted, cleared away.

    Every week, if the base image or a component has a new version, an instance without a public address updates the
    operating system, hardens it, and runs the components; a second one tests the result. Only what passes is
    distributed, and the parameter then names it. Linux only. CIS hardening is a subscription of AWS Marketplace: its
    image is given as ``base_image``, with ``hardening`` left as it is or ``None``.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: Where images are built.
        subnet: Where in it; a public one is refused. Left out: the first private subnet with a way out.
        base_image: The ARN of an image in Image Builder with ``x.x.x`` as its version, the id of an AMI, ``ssm:`` and
            the name of a parameter that holds one, or the URI of a container image. Left out: Amazon Linux 2023.
        architecture: ``x86_64`` or ``arm64``. Left out: ``x86_64``.
        hardening: The level of AWS's STIG component: ``high``, ``medium`` or ``low``. Left out: ``high``. ``None``
            leaves the warning ``pavedroad:image-not-hardened``.
        components: Own components, run in this order after the hardening. Left out: none.
        test_components: Own tests. Left out: AWS's tests that a machine starts and starts again; a container needs one.
        container: Build a container image. Left out: a machine image.
        instance_types: Types of the instances; Image Builder takes one that is available. Left out: two of 8 GiB.
        volume_size: The size of the volume, in GiB. Left out: 30.
        schedule: When a new image is built if anything changed, as ``cron(...)`` in UTC. Left out: Sundays at 04:00.
        copies: Copies of machine images in other regions. Left out: none.
        sharing: Who outside the account may use machine images. Left out: nobody.
        parameter_name: The parameter that holds the id of the newest machine image, beneath ``/imagebuilder/``; the
            first build makes it. Left out: a name unique to the stack.
        retained_images: How many images are kept. Left out: 10.
        vulnerability_scan: Let Amazon Inspector scan the image while it is tested; it must be activated in the account.
            Left out: it does. ``False`` leaves the warning ``pavedroad:image-not-scanned``.
        topic: Told of failures, finished images and critical vulnerabilities. Left out: nobody is told, which leaves
            the warning ``pavedroad:image-nobody-told``.
        encryption_key: Encrypts images, components and the log. Left out: a new key with yearly rotation, kept when
            the stack is deleted.

    Attributes:
        pipeline: The L1 pipeline, with the id ``Resource``.
        recipe: The L1 recipe of the machine or container image.
        components: The L1 components that are one's own.
        infrastructure: The L1 infrastructure configuration.
        distribution: The L1 distribution configuration.
        lifecycle: The L1 lifecycle policy.
        image_parameter_name: The name of the parameter with the newest image's id; ``None`` for containers.
        role: The role of the build instances.
        security_group: Their security group.
        connections: Who the instances may connect to, beyond HTTPS.
        encryption_key: The key in use.
        log_group: The log of builds and of the pipeline.
        event_rules: The EventBridge rules of ``topic``; empty without one.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or cannot work; all are named.

    Source: https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-best-practices.html
    Controls: EC2.3 and EC2.7 (encrypted volumes), EC2.8 (IMDSv2), EC2.9 (no public address), SSM.1, nag EC26 and EC23,
        NIST CM-2, CM-6, RA-5, SA-11, SC-12, SC-28, SI-2, SI-7.

    Example:
        >>> from pavedroad.delivery.images.components import ImageComponent
        >>> from pavedroad.delivery.images.distribution import ImageSharing
        >>> images = ImagePipeline(
        ...     stack,
        ...     "BaseImage",
        ...     vpc=vpc,
        ...     components=[
        ...         ImageComponent(
        ...             name="agent",
        ...             document='''
        ... schemaVersion: 1.0
        ... phases:
        ...   - name: build
        ...     steps:
        ...       - name: Install
        ...         action: ExecuteBash
        ...         inputs: {commands: [dnf install -y amazon-cloudwatch-agent]}
        ... ''',
        ...         )
        ...     ],
        ...     sharing=ImageSharing(accounts=["111111111111"]),
        ...     topic=topic,
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnet: ec2.ISubnet | None = None,
        base_image: str | None = None,
        architecture: str = "x86_64",
        hardening: str | None = "high",
        components: Sequence[ImageComponent] = (),
        test_components: Sequence[ImageComponent] = (),
        container: ContainerOutput | None = None,
        instance_types: Sequence[str] | None = None,
        volume_size: float = 30,
        schedule: str = "cron(0 4 ? * SUN *)",
        copies: Sequence[ImageCopy] = (),
        sharing: ImageSharing | None = None,
        parameter_name: str | None = None,
        retained_images: float = 10,
        vulnerability_scan: bool = True,
        topic: sns.ITopic | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        check_subnet(arguments, vpc, subnet)
        arguments.matches("base_image", base_image, _BASE, _BASE_IN_WORDS)
        arguments.one_of("architecture", architecture, _TYPES)
        arguments.one_of("hardening", hardening, _HARDENING)
        check_components(arguments, "components", components, tests=False)
        check_components(arguments, "test_components", test_components, tests=True)
        if container and not test_components:
            arguments.refuse("test_components", [], "needs one for a container, which AWS's tests do not know")
        arguments.between("volume_size", volume_size, 8, 1000)
        arguments.matches("schedule", schedule, _CRON, "an expression such as cron(0 4 ? * SUN *)")
        check_distribution(arguments, copies, sharing, builds_containers=container is not None)
        arguments.matches("parameter_name", parameter_name, _PARAMETER, "a name beneath /imagebuilder/")
        arguments.between("retained_images", retained_images, 1, 100)
        arguments.check()

        self._name = unique_name(self, longest=60, otherwise="image")
        self._container, self._tags = container, {"pavedroad-image-pipeline": self._name}
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Images of {self.node.path}")
        self.log_group = encrypted_log_group(
            self, "Logs", encryption_key=self.encryption_key, log_group_name=f"/aws/imagebuilder/{self._name}"
        )
        self.security_group = build_security_group(self, vpc)
        self.components = own_components(
            self, [*components, *test_components], prefix=self._name, encryption_key=self.encryption_key
        )
        self.recipe = self._recipe(base_image, architecture, self._steps(hardening, len(components)), volume_size)
        self.role = build_role(
            self,
            encryption_key=self.encryption_key,
            log_group=self.log_group,
            components=self.components,
            recipe=self.recipe,
            repository=container.repository if container else None,
        )
        self.infrastructure = infrastructure(
            self,
            name=self._name,
            role=self.role,
            security_group=self.security_group,
            subnet=subnet or vpc.private_subnets[0],
            instance_types=instance_types or _TYPES[architecture],
            builds_containers=container is not None,
        )
        self.image_parameter_name = None if container else parameter_name or f"/imagebuilder/{self._name}"
        self.distribution = self._distribution(copies, sharing)
        self.pipeline = self._pipeline(schedule, scans=vulnerability_scan)
        self.lifecycle = delete_old_images(
            self,
            name=self._name,
            tags=self._tags,
            retained_images=retained_images,
            builds_containers=container is not None,
        )
        self.event_rules: list[events.Rule] = (
            notify_of_images(self, recipe_name=self._name, topic=topic) if topic else []
        )
        self._warn(hardened=hardening is not None, scans=vulnerability_scan, tells=topic is not None)
        hold_pipeline(self, pipeline=self.pipeline, recipe=self.recipe, infrastructure=self.infrastructure)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """The build instances' network connections."""
        return self.security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The build instances' role, so that ``bucket.grant_read(pipeline)`` works."""
        return self.role

    def grant_read_image_parameter(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the id of the newest machine image.

        Raises:
            ValueError: The pipeline builds container images.
        """
        if self.image_parameter_name is None:
            raise ValueError("a pipeline of container images has no parameter; its repository has the images")
        arn = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=self.image_parameter_name.removeprefix("/")
        )
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["ssm:GetParameter", "ssm:GetParameters"], resource_arns=[arn]
        )

    def _steps(self, hardening: str | None, builds: int) -> list[str]:
        """The ARNs of all components in their order: update, harden, build, test."""
        own = [component.attr_arn for component in self.components]
        before = ["update-linux", *([f"stig-build-linux-{hardening}"] if hardening else [])]
        tests = [] if self._container else _BOOT_TESTS
        managed = [managed_component(self, name) for name in (*before, *tests)]
        return [*managed[: len(before)], *own[:builds], *managed[len(before) :], *own[builds:]]

    def _recipe(
        self, base_image: str | None, architecture: str, components: Sequence[str], volume_size: float
    ) -> imagebuilder.CfnImageRecipe | imagebuilder.CfnContainerRecipe:
        if self._container:
            return container_recipe(
                self,
                name=self._name,
                base_image=base_image,
                output=self._container,
                components=components,
                volume_size=volume_size,
                encryption_key=self.encryption_key,
            )
        return image_recipe(
            self,
            name=self._name,
            base_image=base_image,
            architecture=architecture,
            components=components,
            volume_size=volume_size,
            encryption_key=self.encryption_key,
        )

    def _distribution(
        self, copies: Sequence[ImageCopy], sharing: ImageSharing | None
    ) -> imagebuilder.CfnDistributionConfiguration:
        if self._container:
            return distribute_containers(self, name=self._name, repository=self._container.repository)
        assert self.image_parameter_name is not None
        if sharing:
            share_key(self.encryption_key, sharing)
        return distribute_machines(
            self,
            name=self._name,
            encryption_key=self.encryption_key,
            copies=copies,
            sharing=sharing,
            parameter_name=self.image_parameter_name,
        )

    def _pipeline(self, schedule: str, *, scans: bool) -> imagebuilder.CfnImagePipeline:
        pipeline, recipe = imagebuilder.CfnImagePipeline, self.recipe.attr_arn
        return imagebuilder.CfnImagePipeline(
            self,
            "Resource",
            name=self._name,
            status="ENABLED",
            container_recipe_arn=recipe if self._container else None,
            image_recipe_arn=None if self._container else recipe,
            infrastructure_configuration_arn=self.infrastructure.attr_arn,
            distribution_configuration_arn=self.distribution.attr_arn,
            enhanced_image_metadata_enabled=True,
            image_tags=self._tags,
            image_tests_configuration=pipeline.ImageTestsConfigurationProperty(
                image_tests_enabled=True, timeout_minutes=90
            ),
            image_scanning_configuration=pipeline.ImageScanningConfigurationProperty(image_scanning_enabled=scans),
            logging_configuration=pipeline.PipelineLoggingConfigurationProperty(
                image_log_group_name=self.log_group.log_group_name,
                pipeline_log_group_name=self.log_group.log_group_name,
            ),
            schedule=pipeline.ScheduleProperty(
                schedule_expression=schedule,
                timezone="Etc/UTC",
                pipeline_execution_start_condition="EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
            ),
        )

    def _warn(self, *, hardened: bool, scans: bool, tells: bool) -> None:
        for is_well, warning, meaning in (
            (hardened, "image-not-hardened", "Images are updated and tested, but not hardened by a STIG component."),
            (scans, "image-not-scanned", "Known vulnerabilities of an image are seen only where it runs."),
            (tells, "image-nobody-told", "Nobody hears when images fail to build: old ones stay in use."),
        ):
            if not is_well:
                Annotations.of(self).add_warning_v2(f"pavedroad:{warning}", meaning)
