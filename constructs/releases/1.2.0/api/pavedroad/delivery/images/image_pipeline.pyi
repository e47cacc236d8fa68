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
from pavedroad.delivery.images.components import ImageComponent, check_components, managed_component, own_components
from pavedroad.delivery.images.distribution import ImageCopy, ImageSharing, check_distribution, distribute_containers, distribute_machines, share_key
from pavedroad.delivery.images.image_notifications import notify_of_images
from pavedroad.delivery.images.lifecycle import delete_old_images
from pavedroad.delivery.images.pipeline_invariants import hold_pipeline
from pavedroad.delivery.images.recipes import ContainerOutput, container_recipe, image_recipe
from pavedroad.naming import unique_name
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_TYPES = {'x86_64': ('m6i.large', 'm5.large'), 'arm64': ('m7g.large', 'm6g.large')}
_HARDENING = ('high', 'medium', 'low')
_BOOT_TESTS = ('simple-boot-test-linux', 'reboot-test-linux')
_BASE = 'ami-[0-9a-f]{8,17}|ssm:/[\\w./-]+|arn:[a-z-]+:imagebuilder:[\\w.:/-]+|[a-z0-9][\\w./-]+:[\\w.-]+'
_BASE_IN_WORDS = "an image's ARN in Image Builder, an AMI's id, ssm: and a parameter's name, or a container's URI"
_PARAMETER = '/imagebuilder/[\\w.-]+(/[\\w.-]+)*'
_CRON = '(cron|rate)\\(.+\\)'

@jsii.implements(ec2.IConnectable, iam.IGrantable)
class ImagePipeline(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, subnet: ec2.ISubnet | None=None, base_image: str | None=None, architecture: str='x86_64', hardening: str | None='high', components: Sequence[ImageComponent]=(), test_components: Sequence[ImageComponent]=(), container: ContainerOutput | None=None, instance_types: Sequence[str] | None=None, volume_size: float=30, schedule: str='cron(0 4 ? * SUN *)', copies: Sequence[ImageCopy]=(), sharing: ImageSharing | None=None, parameter_name: str | None=None, retained_images: float=10, vulnerability_scan: bool=True, topic: sns.ITopic | None=None, encryption_key: kms.IKey | None=None) -> None:
        self.components = ...
        self.distribution = ...
        self.encryption_key = ...
        self.event_rules = ...
        self.image_parameter_name = ...
        self.infrastructure = ...
        self.lifecycle = ...
        self.log_group = ...
        self.pipeline = ...
        self.recipe = ...
        self.role = ...
        self.security_group = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        ...

    def grant_read_image_parameter(self, grantee: iam.IGrantable) -> iam.Grant:
        ...
