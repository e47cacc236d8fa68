"""The product image-pipeline: machine images that are built anew whenever there are updates."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, CfnCondition, Fn, Stack, Token

from pavedroad.delivery.images.components import ImageComponent
from pavedroad.delivery.images.distribution import ImageSharing
from pavedroad.delivery.images.image_pipeline import ImagePipeline
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product, Rule

_IMAGE = "Image"
_BUILD = "Build"
_SHARING = "Sharing"
_SUBNETS = "PrivateSubnetIds"

_BASES = {"x86_64": "amazon-linux-2023-x86", "arm64": "amazon-linux-2023-arm64"}
_TYPES = {"x86_64": ("m6i.large", "m6i.xlarge"), "arm64": ("m7g.large", "m7g.xlarge")}
_ALL_TYPES = tuple(instance_type for types in _TYPES.values() for instance_type in types)
_HARDENING = ("high", "medium", "low")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    values = {name: parameter.value_as_string for name, parameter in parameters.items() if parameter.type == "String"}
    key = rotated_key(stack, "Key", description="Encrypts the images, their log and notifications")
    topic = alarm_topic(stack, encryption_key=key, email=values[ALARM_EMAIL_PARAMETER.name])
    shares = CfnCondition(
        stack, "SharesImages", expression=Fn.condition_not(Fn.condition_equals(values["SharedAccounts"], ""))
    ).logical_id
    accounts = Fn.split(",", values["SharedAccounts"])
    pipeline = ImagePipeline(
        stack,
        "Images",
        vpc=chosen_vpc(stack, parameters, private_subnets=_SUBNETS),
        base_image=_base_image(stack, values),
        hardening=values["Hardening"],
        components=[_packages(values["Packages"])],
        instance_types=[values["InstanceType"]],
        volume_size=parameters["VolumeSizeGiB"].value_as_number,
        schedule=values["Schedule"],
        # The key's policy takes no statement away at launch: without others it names this account, which has the key.
        sharing=ImageSharing(accounts=Token.as_list(Fn.condition_if(shares, accounts, [Aws.ACCOUNT_ID]))),
        retained_images=parameters["RetainedImages"].value_as_number,
        topic=topic,
        encryption_key=key,
    )
    pipeline.distribution.add_property_override(
        "Distributions.0.AmiDistributionConfiguration.LaunchPermissionConfiguration",
        Fn.condition_if(shares, {"UserIds": accounts}, Aws.NO_VALUE),
    )
    acknowledge(
        pipeline.recipe,
        "cloudformation-validate::W1030",
        "Nothing never reaches the property: the newest Amazon Linux stands there then, by HasNoBaseImage.",
    )
    assert pipeline.image_parameter_name
    return {
        "ImageParameterName": pipeline.image_parameter_name,
        "PipelineArn": pipeline.pipeline.attr_arn,
        "EncryptionKeyArn": key.key_arn,
        "SecurityGroupId": pipeline.security_group.security_group_id,
        "LogGroupName": pipeline.log_group.log_group_name,
    }


def _base_image(stack: Stack, values: Mapping[str, str]) -> str:
    """The image that was chosen, or the newest Amazon Linux for the processor."""
    conditions = {
        name: CfnCondition(stack, name, expression=Fn.condition_equals(values[parameter], value)).logical_id
        for name, parameter, value in (
            ("HasNoBaseImage", "BaseImage", ""),
            ("IsArm", "Architecture", "arm64"),
        )
    }
    amazon_linux = Fn.condition_if(conditions["IsArm"], _BASES["arm64"], _BASES["x86_64"]).to_string()
    newest = stack.format_arn(
        service="imagebuilder", account="aws", resource="image", resource_name=f"{amazon_linux}/x.x.x"
    )
    return Fn.condition_if(conditions["HasNoBaseImage"], newest, values["BaseImage"]).to_string()


def _packages(names: str) -> ImageComponent:
    install = f'if [ -n "{names}" ]; then dnf install --assumeyes {names}; fi'
    return ImageComponent(
        name="packages",
        document=f"""\
schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: InstallPackages
        action: ExecuteBash
        inputs:
          commands:
            - |
              {install}
""",
    )


def _fitting_type(architecture: str, types: Sequence[str]) -> Rule:
    return Rule(
        name=f"InstanceTypeFits{architecture.replace('_', '').capitalize()}",
        description=f"For {architecture}, choose {' or '.join(types)} as InstanceType.",
        assertion=lambda parameters: Fn.condition_contains(list(types), parameters["InstanceType"].value_as_string),
        condition=lambda parameters: Fn.condition_equals(parameters["Architecture"].value_as_string, architecture),
    )


PRODUCT = Product(
    key="image-pipeline",
    title="Image pipeline",
    version="1.0.0",
    summary=(
        "Machine images that are updated, hardened, scanned, tested and encrypted, built anew when there are updates,"
        " and shared with accounts that are named."
    ),
    parameters=(
        Parameter(
            name="BaseImage",
            label="Base image",
            group=_IMAGE,
            help=(
                "What each image is built on: the ARN of an image in Image Builder, or the id of an AMI. Left empty:"
                " the newest Amazon Linux 2023."
            ),
            default="",
            pattern=r"(ami-[0-9a-f]{8,17}|arn:aws[a-z-]*:imagebuilder:[\w.:/-]+)?",
            constraint="The id of an AMI, the ARN of an image in Image Builder, or nothing.",
        ),
        Parameter(
            name="Architecture",
            label="Processor",
            group=_IMAGE,
            help="x86_64: Intel and AMD. arm64: AWS Graviton. It must be that of the base image and the instance type.",
            default="x86_64",
            allowed_values=tuple(_BASES),
            constraint=f"Either {' or '.join(_BASES)}.",
        ),
        Parameter(
            name="Packages",
            label="Packages",
            group=_IMAGE,
            help="Packages of the operating system that are installed, with spaces between them. Left empty: none.",
            default="amazon-cloudwatch-agent",
            pattern=r"([A-Za-z0-9][A-Za-z0-9._+-]*( [A-Za-z0-9][A-Za-z0-9._+-]*)*)?",
            constraint="Names of packages with one space between them.",
            maximum=1000,
        ),
        Parameter(
            name="Hardening",
            label="Hardening",
            group=_IMAGE,
            help="The level of AWS's STIG component: high applies every setting, low only those of category III.",
            default="high",
            allowed_values=_HARDENING,
            constraint=f"One of {', '.join(_HARDENING)}.",
        ),
        Parameter(
            name="VolumeSizeGiB",
            label="Volume in GiB",
            group=_IMAGE,
            help="The size of the image's volume; not smaller than that of the base image.",
            type="Number",
            default=30,
            minimum=8,
            maximum=1000,
        ),
        Parameter(
            name="Schedule",
            label="Schedule",
            group=_BUILD,
            help="When a new image is built if there are updates, in UTC. As it is: on Sundays at four.",
            default="cron(0 4 ? * SUN *)",
            pattern=r"cron\([0-9A-Z*?,/# -]+\)|rate\([0-9]+ (minute|hour|day)s?\)",
            constraint="An expression such as cron(0 4 ? * SUN *) or rate(7 days).",
        ),
        Parameter(
            name="InstanceType",
            label="Instance type",
            group=_BUILD,
            help="The instances that build and test: m6i is x86_64, m7g is arm64; large has 8 GiB, xlarge 16 GiB.",
            default="m6i.large",
            allowed_values=_ALL_TYPES,
            constraint=f"One of {', '.join(_ALL_TYPES)}.",
        ),
        Parameter(
            name="RetainedImages",
            label="Images to keep",
            group=_BUILD,
            help="How many images are kept; older ones are deleted unless they were launched in the last 30 days.",
            type="Number",
            default=10,
            minimum=1,
            maximum=100,
        ),
        VPC_PARAMETER,
        subnets_parameter(
            _SUBNETS,
            label="Private subnets",
            help="Where images are built, in the first of them: the output PrivateSubnetIds of the network.",
        ),
        Parameter(
            name="SharedAccounts",
            label="Accounts that use the images",
            group=_SHARING,
            help="Accounts that may start instances of them, with commas between them. Left empty: this one only.",
            default="",
            pattern=r"(\d{12}(,\d{12})*)?",
            constraint="Account ids of 12 digits with commas between them, or nothing.",
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(
        subnets_in_vpc(_SUBNETS),
        *(_fitting_type(architecture, types) for architecture, types in _TYPES.items()),
    ),
    outputs=(
        Output(
            name="ImageParameterName",
            purpose="The parameter that holds the id of the newest image; the first build makes it.",
        ),
        Output(name="PipelineArn", purpose="Start it to build an image at once."),
        Output(name="EncryptionKeyArn", purpose="Who starts instances of the images needs kms:CreateGrant on it."),
        Output(name="SecurityGroupId", purpose="The firewall of the instances that build."),
        Output(name="LogGroupName", purpose="What builds and tests printed."),
    ),
    build=_build,
)
